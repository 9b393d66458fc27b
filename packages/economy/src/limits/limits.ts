/** Languages that the limits are written in. */
export const limitLanguages = ['en', 'es', 'pt', 'ja'] as const
export type LimitLanguage = (typeof limitLanguages)[number]

/** What every number of this package is subject to; printed where numbers are shown. */
export type Limit = 'proposal' | 'fixedCoefficients' | 'noPrices' | 'typeTwo' | 'elasticities' | 'circulation'

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
}

/** All limits in one language, in the order above. */
export function limitsIn(language: LimitLanguage): string[] {
  return Object.values(limits).map((texts) => texts[language])
}
