import type { FlowMeasure } from '@cityloop/economy'
import type { FourTexts } from './texts.ts'

/** Name and meaning of each arrow; names are short enough to stand on the arrow. */
export const flowTexts: Readonly<Record<FlowMeasure, { readonly name: FourTexts; readonly meaning: FourTexts }>> = {
  wages: {
    name: ['wages', 'salarios', 'salários', '賃金'],
    meaning: [
      'pay for all jobs in the city, whoever fills them',
      'pago por todos los empleos de la ciudad, los ocupe quien los ocupe',
      'pagamento por todos os empregos da cidade, seja quem for',
      '市内のすべての雇用に支払われる賃金',
    ],
  },
  residentsPay: {
    name: ["residents' pay", 'ingreso laboral', 'renda do trabalho', '居住者の賃金'],
    meaning: [
      'pay of people who live in the city, earned inside or outside',
      'salarios de quienes viven en la ciudad, ganados dentro o fuera',
      'salários de quem vive na cidade, ganhos dentro ou fora',
      '居住者が市内外で得る賃金',
    ],
  },
  localPurchases: {
    name: ['local spending', 'gasto local', 'gasto local', '市内消費'],
    meaning: [
      'household spending on goods and services made in the city',
      'gasto de los hogares en bienes y servicios hechos en la ciudad',
      'gasto das famílias em bens e serviços feitos na cidade',
      '市内で生産された財・サービスへの家計支出',
    ],
  },
  residentTaxes: {
    name: ['resident taxes', 'impuestos', 'impostos', '住民税等'],
    meaning: [
      'local income and property tax',
      'impuesto local sobre la renta y la propiedad',
      'imposto local sobre o rendimento e a propriedade',
      '住民税と固定資産税',
    ],
  },
  platformBudget: {
    name: ['services', 'servicios', 'serviços', 'サービス費'],
    meaning: [
      'operation of and investment in the social platform',
      'operación e inversión de la plataforma social',
      'operação e investimento da plataforma social',
      '社会基盤の運営費と投資',
    ],
  },
  attractedPeople: {
    name: ['people attracted', 'personas atraídas', 'pessoas atraídas', '人の流入'],
    meaning: [
      'people who come or stay because services are better: zero unless a hypothesis says otherwise',
      'personas que llegan o se quedan porque los servicios son mejores: cero salvo hipótesis',
      'pessoas que chegam ou ficam porque os serviços são melhores: zero salvo hipótese',
      'サービス向上による転入・定着。仮説がない限りゼロ',
    ],
  },
  labourForce: {
    name: ['labour force', 'población activa', 'população ativa', '労働力'],
    meaning: [
      'residents who work or look for work',
      'residentes que trabajan o buscan trabajo',
      'residentes que trabalham ou procuram trabalho',
      '就業または求職中の居住者',
    ],
  },
  pensionsAndAssistance: {
    name: ['pensions, assistance', 'pensiones, ayudas', 'pensões, apoios', '年金・扶助'],
    meaning: [
      'pensions and assistance paid in money',
      'pensiones y ayudas pagadas en dinero',
      'pensões e apoios pagos em dinheiro',
      '現金で支払われる年金と扶助',
    ],
  },
  surplusTaxes: {
    name: ['business taxes', 'impuestos a empresas', 'impostos a empresas', '法人課税'],
    meaning: [
      "the city's share of operating surplus",
      'parte municipal del excedente de explotación',
      'parte municipal do excedente de exploração',
      '営業余剰に対する市税',
    ],
  },
  cityPurchases: {
    name: ['city purchases', 'compras de la ciudad', 'compras da cidade', '市の購入'],
    meaning: [
      'what the city buys from firms in the city',
      'lo que la ciudad compra a empresas locales',
      'o que a cidade compra a empresas locais',
      '市が市内企業から購入する額',
    ],
  },
  serviceToIndustry: {
    name: ['services to firms', 'servicios a empresas', 'serviços a empresas', '産業への効果'],
    meaning: [
      'productivity or local supply that better services bring: zero unless a hypothesis says otherwise',
      'productividad u oferta local por mejores servicios: cero salvo hipótesis',
      'produtividade ou oferta local por melhores serviços: zero salvo hipótese',
      'サービス向上による生産性や市内調達の変化。仮説がない限りゼロ',
    ],
  },
  exports: {
    name: ['sales outside', 'ventas fuera', 'vendas fora', '移輸出'],
    meaning: [
      'what firms sell outside the city',
      'lo que las empresas venden fuera de la ciudad',
      'o que as empresas vendem fora da cidade',
      '市外への販売',
    ],
  },
  importedInputs: {
    name: ['inputs bought outside', 'insumos de fuera', 'insumos de fora', '市外からの投入'],
    meaning: [
      'materials and services that firms buy elsewhere',
      'materiales y servicios que las empresas compran fuera',
      'materiais e serviços que as empresas compram fora',
      '企業が市外から購入する原材料・サービス',
    ],
  },
  importedConsumption: {
    name: ['spending outside', 'gasto fuera', 'gasto fora', '市外消費'],
    meaning: [
      'goods from elsewhere and shopping trips',
      'bienes de fuera y compras fuera',
      'bens de fora e compras fora',
      '市外の財と市外での買い物',
    ],
  },
  inCommuterPay: {
    name: ['pay of in-commuters', 'pago a quienes vienen', 'pago a quem vem', '流入通勤者の賃金'],
    meaning: [
      'wages taken home by people who live elsewhere',
      'salarios de quienes viven en otro lugar',
      'salários de quem vive noutro lugar',
      '市外居住者が持ち帰る賃金',
    ],
  },
  outCommuterPay: {
    name: ['pay from outside', 'pago desde fuera', 'pago de fora', '市外で得る賃金'],
    meaning: [
      'wages that residents earn elsewhere',
      'salarios que los residentes ganan fuera',
      'salários que os residentes ganham fora',
      '居住者が市外で得る賃金',
    ],
  },
  grants: {
    name: ['state grants', 'transferencias', 'transferências', '交付金等'],
    meaning: ['grants from the state', 'transferencias del Estado', 'transferências do Estado', '国からの交付金等'],
  },
}
