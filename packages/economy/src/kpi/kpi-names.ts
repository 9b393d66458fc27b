import type { LimitLanguage } from '../limits/limits.ts'
import type { KpiDefinition } from './kpi-catalogue.ts'

/** Names of the indicators by id in Spanish, Portuguese and Japanese; the English one stands in the catalogue. */
export const kpiNames: Readonly<Record<string, Readonly<Record<Exclude<LimitLanguage, 'en'>, string>>>> = {
  'ec.gva_pc': named('Valor añadido por residente', 'Valor acrescentado por residente', '住民1人当たり付加価値'),
  'ec.circulation': named('Tasa de circulación', 'Taxa de circulação', '地域経済循環率'),
  'ec.local_share': named('Parte local del gasto de los hogares', 'Parte local da despesa das famílias', '家計支出の市内割合'),
  'ec.mult2': named('Multiplicador inducido de la producción', 'Multiplicador induzido da produção', '誘発生産乗数(タイプII)'),
  'ec.unemp': named('Desempleo', 'Desemprego', '完全失業率'),
  'ec.youth_unemp': named('Desempleo juvenil, de 15 a 24 años', 'Desemprego jovem, dos 15 aos 24 anos', '若年失業率(15〜24歳)'),
  'ec.fulltime': named('Empleo a tiempo completo', 'Emprego a tempo inteiro', 'フルタイム就業者の割合'),
  'ec.business_density': named('Empresas por 100 000 residentes', 'Empresas por 100 000 residentes', '住民10万人当たり事業所数'),
  'ec.patents': named(
    'Patentes nuevas por 100 000 residentes y año',
    'Patentes novas por 100 000 residentes e ano',
    '住民10万人当たり年間新規特許数',
  ),
  'ec.poverty': named(
    'Residentes bajo la línea nacional de pobreza',
    'Residentes abaixo do limiar nacional de pobreza',
    '国の貧困線を下回る住民の割合',
  ),
  'ec.commute_balance': named('Población diurna respecto de la nocturna', 'População diurna em relação à noturna', '昼夜間人口比率'),
  'ec.visitor_nights': named('Pernoctaciones por residente y año', 'Dormidas de visitantes por residente e ano', '住民1人当たり年間延べ宿泊数'),
  'fi.own_revenue': named('Ingresos propios', 'Receitas próprias', '自主財源比率'),
  'fi.balance': named('Saldo real', 'Saldo real', '実質収支比率'),
  'fi.debt_ratio': named('Deuda respecto de los ingresos corrientes', 'Dívida em relação às receitas correntes', '経常収入に対する市債残高'),
  'fi.social_share': named('Asistencia social en el gasto', 'Assistência social na despesa', '歳出に占める扶助費の割合'),
  'fi.execution': named(
    'Ejecución presupuestaria de las partidas de la plataforma',
    'Execução orçamental das rubricas da plataforma',
    '社会基盤事業の予算執行率',
  ),
  'pop.total': named('Población', 'População', '総人口'),
  'pop.share65': named('Residentes de 65 y más años', 'Residentes com 65 e mais anos', '65歳以上の住民の割合'),
  'pop.depend': named('Tasa de dependencia', 'Índice de dependência', '従属人口指数'),
  'pop.net_mig': named('Migración neta por 1 000 residentes', 'Migração líquida por 1 000 residentes', '住民千人当たり純移動数'),
  'pop.tfr': named('Tasa global de fecundidad', 'Índice sintético de fecundidade', '合計特殊出生率'),
  'sp.service_q': named('Índice de servicio de la plataforma', 'Índice de serviço da plataforma', '社会基盤サービス指数'),
  'sp.online': named('Trámites completados en línea', 'Procedimentos concluídos em linha', 'オンラインで完了した手続の割合'),
  'sp.response': named('Días del aviso a la solución, mediana', 'Dias da participação à resolução, mediana', '通報から解決までの日数(中央値)'),
  'sp.participation': named('Participantes por 1 000 residentes y año', 'Participantes por 1 000 residentes e ano', '住民千人当たり年間参加者数'),
  'sp.satisfaction': named('Satisfacción con los servicios, de 0 a 4', 'Satisfação com os serviços, de 0 a 4', 'サービス満足度(0〜4)'),
  'mo.pt_access': named('Residentes a menos de 500 m de una parada', 'Residentes a menos de 500 m de uma paragem', '停留所から500m以内の住民の割合'),
  'mo.delay': named('Demora vial en hora punta', 'Atraso rodoviário na hora de ponta', 'ピーク時の道路遅延率'),
  'mo.parking_turn': named('Llegadas por plaza y día', 'Chegadas por lugar e dia', '駐車区画1日当たり入庫数'),
  'en.pm25': named('PM2,5, ponderado por residentes', 'PM2,5, ponderado pelos residentes', 'PM2.5濃度(住民数で加重)'),
  'en.noise': named('Residentes con más de 50 dB de noche', 'Residentes com mais de 50 dB à noite', '夜間50dBを超える住民の割合'),
  'en.co2_pc': named('Gases de efecto invernadero por residente', 'Gases com efeito de estufa por residente', '住民1人当たり温室効果ガス'),
  'en.elec_pc': named('Electricidad por residente', 'Eletricidade por residente', '住民1人当たり電力消費量'),
  'wa.recycle': named('Tasa de reciclaje', 'Taxa de reciclagem', 'リサイクル率'),
  'wa.km_per_t': named('Kilómetros de camión por tonelada recogida', 'Quilómetros de camião por tonelada recolhida', '収集1トン当たり車両走行距離'),
  'sa.crashes': named(
    'Muertos o heridos graves en la vía por 100 000',
    'Mortos ou feridos graves na estrada por 100 000',
    '住民10万人当たり交通事故死者・重傷者数',
  ),
  're.alert_reach': named(
    'Residentes alcanzados en 10 minutos en simulacros',
    'Residentes alcançados em 10 minutos em simulacros',
    '訓練で10分以内に届いた住民の割合',
  ),
}

/** The name of an indicator; that of the catalogue where the indicator is not ours. */
export function kpiName({ id, name }: Pick<KpiDefinition, 'id' | 'name'>, language: LimitLanguage): string {
  return (language === 'en' ? undefined : kpiNames[id]?.[language]) ?? name
}

function named(es: string, pt: string, ja: string): Readonly<Record<Exclude<LimitLanguage, 'en'>, string>> {
  return { es, pt, ja }
}
