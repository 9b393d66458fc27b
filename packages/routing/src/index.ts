export { checkSolution, type Check, type Violation, type ViolationKind } from './check.ts'
export { FormatError, type Benchmark, type Rounding } from './formats/benchmark.ts'
export { travelByGreatCircle, type Travel } from './formats/great-circle.ts'
export { writeGeoJson } from './formats/geojson.ts'
export { writePicture } from './formats/picture.ts'
export { readBenchmark } from './formats/read-benchmark.ts'
export { parseSol, readSol, writeSol, type SolFile } from './formats/sol.ts'
export { readVroom, type VroomInput, type VroomTask } from './formats/vroom-in.ts'
export { planVroom } from './formats/vroom-plan.ts'
export { readVroomRoutes, writeVroom } from './formats/vroom-out.ts'
export type { SolveOptions } from './options.ts'
export {
  createProblem,
  createStop,
  createVehicle,
  type Break,
  type Problem,
  type Profile,
  type Site,
  type Stop,
  type Vehicle,
  type Window,
} from './problem.ts'
export { scheduleRoutes, type PlannedRoute } from './schedule.ts'
export type { Reason, Route, Solution, Step, Unassigned } from './solution.ts'
export { solve, type Exchange, type Progress } from './solve.ts'
export { ProblemError, validateProblem } from './validate.ts'
