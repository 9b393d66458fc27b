/** Languages that the limits are written in. */
export const limitLanguages = ['en', 'es', 'pt', 'ja'] as const
export type LimitLanguage = (typeof limitLanguages)[number]

/** What the numbers of this package are subject to; printed where numbers are shown. */
export type Limit =
  | 'proposal'
  | 'fixedCoefficients'
  | 'noPrices'
  | 'typeTwo'
  | 'elasticities'
  | 'circulation'
  | 'cohortRatios'
  | 'foreignModel'
  | 'arithmetic'
  | 'oneCause'

/** What a set of numbers is about. */
export type LimitSubject = 'circles' | 'projection' | 'systemDynamics' | 'indicator' | 'check'

/** The limits that stand beside numbers of a subject, in the order they are printed. */
export const limitsOf: Readonly<Record<LimitSubject, readonly Limit[]>> = {
  circles: ['proposal', 'fixedCoefficients', 'noPrices', 'typeTwo', 'elasticities', 'circulation'],
  projection: ['cohortRatios'],
  systemDynamics: ['foreignModel'],
  indicator: ['arithmetic'],
  check: ['oneCause'],
}

/** The limits in words, one sentence or two each. */
export const limits: Readonly<Record<Limit, Readonly<Record<LimitLanguage, string>>>> = {
  proposal: {
    en: 'The equations of the two circles are our proposal, not a standard; input-output accounts and cohort projection are standard methods.',
    es: 'Las ecuaciones de los dos círculos son una propuesta nuestra, no una norma; las tablas insumo-producto y la proyección por cohortes son métodos estándar.',
    pt: 'As equações dos dois círculos são uma proposta nossa, não uma norma; as tabelas insumo-produto e a projeção por coortes são métodos padrão.',
    ja: '二つの循環の方程式は本ソフトウェアの提案であり、標準ではありません。産業連関表とコーホート要因法は標準的な手法です。',
  },
  fixedCoefficients: {
    en: 'Coefficients are fixed: firms neither change their inputs nor meet limits of capacity, whatever the size of a measure.',
    es: 'Los coeficientes son fijos: las empresas no cambian sus insumos ni llegan a límites de capacidad, sea cual sea el tamaño de la medida.',
    pt: 'Os coeficientes são fixos: as empresas não mudam os seus insumos nem atingem limites de capacidade, seja qual for a dimensão da medida.',
    ja: '投入係数は固定です。施策の規模にかかわらず、企業は投入構成を変えず、生産能力の制約もありません。',
  },
  noPrices: {
    en: 'There are no prices: rents, wages and interest do not answer to demand. Money is in constant units of the base year.',
    es: 'No hay precios: alquileres, salarios e intereses no responden a la demanda. El dinero está en unidades constantes del año base.',
    pt: 'Não há preços: rendas, salários e juros não respondem à procura. O dinheiro está em unidades constantes do ano base.',
    ja: '価格は含まれません。賃料・賃金・金利は需要に反応しません。金額は基準年の実質単位です。',
  },
  typeTwo: {
    en: 'Type II multipliers are an upper bound: all extra income counts as spent, at average rates, by people who live in the city.',
    es: 'Los multiplicadores de tipo II son una cota superior: todo ingreso adicional se da por gastado, a tasas medias, por quienes viven en la ciudad.',
    pt: 'Os multiplicadores de tipo II são um limite superior: todo o rendimento adicional conta como gasto, a taxas médias, por quem vive na cidade.',
    ja: 'タイプII乗数は上限値です。増えた所得はすべて、市内居住者が平均的な割合で支出するとみなしています。',
  },
  elasticities: {
    en: 'Effects of services on people and firms are hypotheses. They are zero unless a hypothesis with a source says otherwise; its number is shown.',
    es: 'Los efectos de los servicios sobre personas y empresas son hipótesis. Valen cero salvo que una hipótesis con fuente diga otra cosa; se muestra su número.',
    pt: 'Os efeitos dos serviços sobre pessoas e empresas são hipóteses. São zero, salvo se uma hipótese com fonte disser outra coisa; mostra-se o seu número.',
    ja: 'サービスが人や企業に与える効果は仮説です。出典のある仮説がない限りゼロとし、用いた仮説の番号を表示します。',
  },
  circulation: {
    en: 'The circulation rate is production over the income of residents. It is no share of money spent again, may exceed 100 %, and a higher rate is not better by itself.',
    es: 'La tasa de circulación es la producción dividida por el ingreso de los residentes. No es la parte del dinero que se vuelve a gastar, puede superar el 100 % y una tasa más alta no es mejor por sí misma.',
    pt: 'A taxa de circulação é a produção dividida pelo rendimento dos residentes. Não é a parte do dinheiro gasta de novo, pode passar de 100 % e uma taxa mais alta não é melhor por si só.',
    ja: '循環率は生産額を居住者の所得で割った値です。再支出の割合ではなく、100%を超えることもあり、高いほど良いとは限りません。',
  },
  cohortRatios: {
    en: 'Cohort ratios carry on what births, deaths and moves did in one period; they know no change of any of them.',
    es: 'Las razones de cohorte prolongan lo que nacimientos, muertes y migraciones hicieron en un periodo; no conocen ningún cambio de ellos.',
    pt: 'As razões de coorte prolongam o que nascimentos, mortes e migrações fizeram num período; não conhecem nenhuma mudança deles.',
    ja: 'コーホート変化率は、ある期間の出生・死亡・移動をそのまま延長するもので、それらの変化は考慮しません。',
  },
  foreignModel: {
    en: "The model is its author's: its equations are run as written and not judged, and the identities of the two circles are not checked on it.",
    es: 'El modelo es de su autor: sus ecuaciones se ejecutan tal como están escritas, sin juzgarlas, y no se comprueban en él las identidades de los dos círculos.',
    pt: 'O modelo é do seu autor: as suas equações são executadas como estão escritas, sem juízo, e nele não se verificam as identidades dos dois círculos.',
    ja: 'モデルは作成者のものです。方程式は記述どおりに計算され、その妥当性は判断せず、二つの循環の恒等式も検査しません。',
  },
  arithmetic: {
    en: 'An indicator is arithmetic on the rows that were given. It names no cause, and it is only as complete as those rows.',
    es: 'Un indicador es aritmética sobre las filas entregadas. No señala ninguna causa y es tan completo como esas filas.',
    pt: 'Um indicador é aritmética sobre as linhas fornecidas. Não aponta nenhuma causa e é tão completo como essas linhas.',
    ja: '指標は与えられた行からの計算値です。原因を示すものではなく、その網羅性は元の行に依存します。',
  },
  oneCause: {
    en: 'A verdict holds only if nothing else changed at the start. One series alone cannot tell the measure from anything else that began then; comparators cannot where the measure reaches them too.',
    es: 'Un veredicto vale solo si nada más cambió al inicio. Una serie sola no distingue la medida de otra cosa que empezó entonces; los comparadores tampoco, si la medida también los alcanza.',
    pt: 'Um veredito vale só se nada mais mudou no início. Uma série sozinha não distingue a medida de outra coisa que começou então; os comparadores também não, se a medida também os atinge.',
    ja: '判定は、開始時に他の変化がなかった場合にのみ有効です。単独の系列では同時に始まった別の要因と区別できず、比較地区にも施策が及ぶ場合は比較でも区別できません。',
  },
}

/** The limits of a subject in one language, in the order they are printed; those of the two circles when no subject is named. */
export function limitsIn(language: LimitLanguage, subject: LimitSubject = 'circles'): string[] {
  return limitsOf[subject].map((limit) => limits[limit][language])
}
