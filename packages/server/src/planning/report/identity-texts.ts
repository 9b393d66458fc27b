import type { Identity } from '@cityloop/economy'
import type { FourTexts } from './texts.ts'

/** The identities in words. */
export const identityTexts: Readonly<Record<Identity, FourTexts>> = {
  ID1: [
    'Every account receives what it pays, the rest of the world included.',
    'Cada cuenta recibe lo que paga, incluido el resto del mundo.',
    'Cada conta recebe o que paga, incluindo o resto do mundo.',
    '市外部門を含むすべての勘定で受取と支払が一致する。',
  ],
  ID2: [
    'Value added is consumption, investment, government and exports less imports.',
    'El valor añadido es consumo, inversión, gobierno y exportaciones menos importaciones.',
    'O valor acrescentado é consumo, investimento, governo e exportações menos importações.',
    '付加価値は消費・投資・政府支出・移輸出の和から移輸入を引いたものに等しい。',
  ],
  ID3: [
    'Net income from outside equals net imports and net lending.',
    'El ingreso neto desde fuera es igual a importaciones netas y préstamo neto.',
    'O rendimento líquido de fora é igual às importações líquidas e ao empréstimo líquido.',
    '市外からの純所得は純移輸入と純貸出の和に等しい。',
  ],
  ID4: [
    'The population changes by births, deaths and migration only.',
    'La población cambia solo por nacimientos, muertes y migración.',
    'A população muda só por nascimentos, mortes e migração.',
    '人口は出生・死亡・移動によってのみ変化する。',
  ],
  ID5: [
    'Fund less debt changes by public saving less platform investment.',
    'Fondo menos deuda cambia por ahorro público menos inversión en la plataforma.',
    'Fundo menos dívida muda pela poupança pública menos o investimento na plataforma.',
    '基金から負債を引いた額は公的貯蓄と基盤投資の差だけ変化する。',
  ],
  ID6: [
    'Baskets and profiles sum to one; shares stay between zero and one.',
    'Cestas y perfiles suman uno; las proporciones quedan entre cero y uno.',
    'Cabazes e perfis somam um; as proporções ficam entre zero e um.',
    '構成比の合計は1で、割合は0から1の間にある。',
  ],
  ID7: [
    'With every elasticity at zero a measure moves no person.',
    'Con toda elasticidad en cero, una medida no mueve a nadie.',
    'Com todas as elasticidades em zero, uma medida não move ninguém.',
    '弾力性がすべてゼロなら施策は人を動かさない。',
  ],
  ID8: [
    'Another unit of money changes the money outputs and nothing else.',
    'Otra unidad de dinero cambia los resultados en dinero y nada más.',
    'Outra unidade de dinheiro muda os resultados em dinheiro e nada mais.',
    '金額の単位を変えても金額の結果だけが変わる。',
  ],
  ID9: [
    'In a slack year output answers to demand by its Type II column.',
    'En un año con holgura la producción responde a la demanda por su columna de tipo II.',
    'Num ano com folga a produção responde à procura pela sua coluna de tipo II.',
    '労働に余裕のある年の生産はタイプIIの列に従って需要に応じる。',
  ],
}
