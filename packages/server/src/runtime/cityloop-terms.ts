/**
 * The terms of the hosted context `cityloop`: short names and the IRIs that the Smart Data Models publish for them (their `context.jsonld` files,
 * smartdatamodels.org, CC BY 4.0). Several models may have a name; one context gives it one IRI, that of the first model below that uses it.
 * Names of the NGSI-LD core context (`location`, `description`, `title`, `status`, ...) are not repeated here.
 */
export const cityloopTerms: Readonly<Record<string, string>> = toTerms()

function toTerms(): Readonly<Record<string, string>> {
  const terms: Record<string, string> = { license: 'http://purl.org/dc/terms/license' }
  for (const [model, names] of Object.entries(namesByModel()))
    for (const name of names.trim().split(/\s+/))
      terms[name] = model === 'shared' ? `https://smartdatamodels.org/${name}` : `https://smartdatamodels.org/dataModel.${model}/${name}`
  return Object.freeze(terms)
}

/** By model, its types and attributes; those under `shared` have no model in their IRI. */
function namesByModel(): Readonly<Record<string, string>> {
  return {
    shared: `
      address alternateName annotations areaServed color contactPoint dataProvider dateCreated dateModified dateObserved endDate image
      isAccessibleForFree name openingHours openingHoursSpecification owner publicAccess seeAlso source startDate timeInstant touristType url
      validFrom
    `,
    Weather: `
      WeatherForecast WeatherObserved airQualityIndex airQualityIndexForecast airTemperatureForecast airTemperatureTSA aqiMajorPollutant
      aqiMajorPollutantForecast atmosphericPressure dateIssued dateRetrieved dayMaximum dayMinimum dewPoint diffuseIrradiation directIrradiation
      feelsLikeTemperature gustSpeed illuminance precipitation precipitationForecast precipitationProbability pressureTendency refDevice
      refPointOfInterest relativeHumidity relativeHumidityForecast snowHeight solarRadiation streamGauge temperature uVIndexMax validTo validity
      visibility weatherType windDirection windSpeed
    `,
    Environment: `
      AirQualityObserved LAS LAeq LAeq_d LAmax NoiseLevelObserved airQualityLevel as c6h6 cd charge co co2 coLevel dateObservedFrom dateObservedTo
      distanceAverage heightAverage ni no no2 nox o3 obstacles pb pm1 pm10 pm25 pm4 pressure refWeatherObserved reliability sh2 so2 sonometerClass
      tpc tsp typeofLocation volatileOrganicCompoundsTotal
    `,
    Energy: `
      ACMeasurement ThreePhaseAcMeasurement activeEnergyExport activeEnergyImport activePower apparentEnergyExport apparentEnergyImport
      apparentPower current dateEnergyMeteringStarted displacementPowerFactor frequency phaseToPhaseVoltage phaseType phaseVoltage powerFactor
      reactiveEnergyExport reactiveEnergyImport reactivePower refTargetDevice thdCurrent thdVoltage totalActiveEnergyExport
      totalActiveEnergyImport totalActivePower totalApparentEnergyExport totalApparentEnergyImport totalApparentPower totalDisplacementPowerFactor
      totalPowerFactor totalReactiveEnergyExport totalReactiveEnergyImport totalReactivePower
    `,
    Device: `
      Device DeviceMeasurement DeviceModel SmartMeteringObservation batteryLevel brandName category configuration controlledAsset
      controlledProperty dateFirstUsed dateInstalled dateLastCalibration dateLastValueReported dateManufactured depth deviceCategory deviceClass
      deviceState deviceType direction distance documentation dstAware energyLimitationClass entityVersion firmwareVersion function
      hardwareVersion ipAddress macAddress manufacturerName mcc measurementType meterType mnc modelName numValue offPeakConsumption osVersion
      outlier peakConsumption provider refDeviceModel relativePosition rssi serialNumber softwareVersion supportedProtocol supportedUnits
      textValue totalConsumption unit
    `,
    WasteManagement: `
      RFID WasteContainer WasteContainerIsle WasteContainerModel actuationHours binCapacity binColor binFullnessThreshold binId binLoggedTime
      binMaxLoad binRecommendedLoad cargoVolume cargoWeight compliantWith dateLastCleaning dateLastEmptying dateServiceStarted fillingLevel height
      insertHolesNumber isleId license_plate madeOf madeOfCode maximumLoad methaneConcentration nextActuationDeadline nextCleaningDeadline
      recommendedLoad refWasteContainer refWasteContainerIsle refWasteContainerModel regulation responsible storedWasteCode storedWasteKind
      storedWasteOrigin wardId weight width
    `,
    Parking: `
      OffStreetParking OnStreetParking ParkingSpot acceptedPaymentMethod accessModified aggregateRating allowedVehicleType areBordersMarked
      availableSpotNumber averageSpotLength averageSpotWidth chargeType extCategory extraSpotNumber facilities firstAvailableFloor
      fourWheelerSlots highestFloor images layout length lowestFloor maximumAllowedHeight maximumAllowedWidth maximumParkingDuration
      measuresPeriod measuresPeriodUnit municipalityInfo observationDateTime occupancy occupancyDetectionType occupancyModified occupiedSpotNumber
      outOfServiceSlotNumber parkingMode parkingSiteId permitActiveHours priceCurrency priceRatePerMinute refParkingAccess refParkingGroup
      refParkingSite refParkingSpot requiredPermit reservationType security specialLocation totalSpotNumber twoWheelerSlots unclassifiedSlots
      usageScenario vehicleEntranceCount vehicleExitCount
    `,
    Transportation: `
      BikeHireDockingStation CrowdFlowObserved Road RoadSegment TrafficFlowObserved Vehicle agency_fare_url agency_name agency_url
      availableBikeNumber averageCrowdSpeed averageGapDistance averageHeadwayTime averageVehicleLength averageVehicleSpeed battery bearing
      bridgeCount carriagewayLength carriagewayWidth congested culvertCount currentTripCount cyclePathLeftHeight cyclePathLeftWidth
      cyclePathMaterial cyclePathPlacement cyclePathRightHeight cyclePathRightWidth dataDescriptor dateVehicleFirstRegistered deviceBatteryStatus
      deviceSimNumber emergencyVehicleType endKilometer endPoint feature fleetVehicleId freeSlotNumber fuelEfficiency fuelFilled fuelType heading
      ignitionStatus intensity laneDirection laneId laneInfo laneUsage maximumAllowedSpeed maximumAllowedWeight mediaURL medianHeight medianLength
      medianWidth mileageFromOdometer minimumAllowedSpeed pedestrianPathLeftHeight pedestrianPathLeftWidth pedestrianPathMaterial
      pedestrianPathPlacement pedestrianPathRightHeight pedestrianPathRightWidth peopleCount peopleCountAway peopleCountTowards previousLocation
      purchaseDate refRoad refRoadSegment refVehicleModel reportId reversedLane rightOfWayWidth roadClass roadDirection roadId roadMaterial
      roadName roadWork serviceOnDuty serviceProvided serviceStatus speed startKilometer startPoint stationCode stationName statusDescription
      totalCyclePathWidth totalLaneNumber totalPedestrianPathLength totalPedestrianPathWidth totalSlotNumber tripNetWeightCollected
      vehicleAltitude vehicleConfiguration vehicleIdentificationNumber vehiclePlateIdentifier vehicleRunningStatus vehicleSpecialUsage
      vehicleSubType vehicleTrackerDevice vehicleType wardName zoneName
    `,
    Streetlighting: `
      Streetlight circuit controllingMethod dateLastLampChange dateLastSwitchingOff dateLastSwitchingOn deviceInfo feederID feederPillarNum
      illuminanceLevel lanternHeight lifetimeMotionDetected lifetimePowerConsumption locationCategory powerConsumption powerRating powerState
      refStreetlightControlCabinet refStreetlightGroup refStreetlightModel streetPoleNum voltage
    `,
    KeyPerformanceIndicator: `
      KeyPerformanceIndicator aggregatedData area businessTarget calculatedBy calculationFormula calculationFrequency calculationMethod
      calculationPeriod currentStanding dateExpires dateNextCalculation effectiveSince kpiValue organization process product updatedAt
    `,
    Alert: `
      Alert alertSource severity subCategory
    `,
    PointOfInterest: `
      PointOfInterest additionalInfoURL capacity priceRange refSeeAlso relevance zoneId
    `,
    TourismDestinations: `
      Event accessPlan actor audience composer contentURL criticReview currencyAccepted director doorTimeClose doorTimeOpen duration
      electricTransport eventPriceFrom eventPriceTo eventSchedule eventStatus language maximumAttendeeCapacity offeredBy paymentAccepted performer
      pitch priceSpecification ratingValueAverage routeType slogan starRatingDetailed subEvent superEvent thematic transportServices webSite
      wheelChairAccessible
    `,
  }
}
