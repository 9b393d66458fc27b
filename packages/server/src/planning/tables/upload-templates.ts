/** The uploads that have a template. */
export const uploadKinds = ['input-output', 'population', 'jobs', 'commuting', 'settlement'] as const
export type UploadKind = (typeof uploadKinds)[number]

/** A template: its columns, what they hold, and rows that show it and add up. */
export interface UploadTemplate {
  readonly kind: UploadKind
  readonly about: string
  readonly columns: readonly string[]
  readonly example: readonly (readonly (string | number)[])[]
}

const table = (from: string, to: string, value: number): readonly (string | number)[] => [
  'Example city',
  2020,
  'million',
  'competitiveImport',
  from,
  to,
  value,
]
const people = (sex: string, age: string, persons: number): readonly (string | number)[] => ['Example city', 2020, sex, age, persons]

/** The revenue line of a settlement that is a parameter of the model. */
export const propertyTaxLine = 'property tax'

/** The templates by kind. Lines named `total` are optional and checked. */
export const uploadTemplates: Readonly<Record<UploadKind, UploadTemplate>> = {
  'input-output': {
    kind: 'input-output',
    about:
      'Input-output table of one area and year, one cell a line. from: a sector, or input:NAME (wages, surplus, taxes). to: a sector, final:NAME, export:NAME, ' +
      'imports (positive), output, jobs. form: regional, competitiveImport or unspecified. Rows and columns must add up to output.',
    columns: ['area', 'year', 'unit', 'form', 'from', 'to', 'value'],
    example: [
      table('Industry', 'Industry', 30),
      table('Industry', 'Services', 20),
      table('Industry', 'final:Households', 40),
      table('Industry', 'export:Sales outside', 60),
      table('Industry', 'imports', 50),
      table('Industry', 'output', 100),
      table('Industry', 'jobs', 400),
      table('Services', 'Industry', 20),
      table('Services', 'Services', 40),
      table('Services', 'final:Households', 120),
      table('Services', 'export:Sales outside', 40),
      table('Services', 'imports', 20),
      table('Services', 'output', 200),
      table('Services', 'jobs', 1900),
      table('input:Wages', 'Industry', 30),
      table('input:Wages', 'Services', 100),
      table('input:Surplus and taxes', 'Industry', 20),
      table('input:Surplus and taxes', 'Services', 40),
    ],
  },
  population: {
    kind: 'population',
    about:
      'Residents by sex and age of one area, one or more years. sex: female or male. age: single years or groups like 0-4, the last like 85+, or total.',
    columns: ['area', 'year', 'sex', 'age', 'persons'],
    example: [
      people('female', '0-14', 300),
      people('female', '15-64', 900),
      people('female', '65+', 400),
      people('female', 'total', 1600),
      people('male', '0-14', 310),
      people('male', '15-64', 920),
      people('male', '65+', 320),
      people('male', 'total', 1550),
    ],
  },
  jobs: {
    kind: 'jobs',
    about: 'Jobs at the place of work by sector, one area and year. sector may be total.',
    columns: ['area', 'year', 'sector', 'jobs'],
    example: [
      ['Example city', 2020, 'Industry', 400],
      ['Example city', 2020, 'Services', 1900],
      ['Example city', 2020, 'total', 2300],
    ],
  },
  commuting: {
    kind: 'commuting',
    about: 'Workers by place of residence (from) and of work (to); inside is the city, outside everywhere else. sum lines have to = total.',
    columns: ['area', 'year', 'from', 'to', 'persons'],
    example: [
      ['Example city', 2020, 'inside', 'inside', 1200],
      ['Example city', 2020, 'inside', 'outside', 900],
      ['Example city', 2020, 'inside', 'total', 2100],
      ['Example city', 2020, 'outside', 'inside', 1100],
    ],
  },
  settlement: {
    kind: 'settlement',
    about:
      'Settled accounts of one year. side: revenue, expenditure or balance. account total of a side must be its sum; balance is revenue less expenditure, real balance less carry-over. ' +
      'Laid over a city (run --upload), only the revenue line property tax sets a parameter (propertyTax); the other lines are checked and set nothing: ' +
      'tax rates and grants are entered in the city document.',
    columns: ['area', 'year', 'unit', 'side', 'account', 'amount'],
    example: [
      ['Example city', 2020, 'million', 'revenue', propertyTaxLine, 150],
      ['Example city', 2020, 'million', 'revenue', 'other city taxes', 240],
      ['Example city', 2020, 'million', 'revenue', 'grants', 310],
      ['Example city', 2020, 'million', 'revenue', 'bonds', 60],
      ['Example city', 2020, 'million', 'revenue', 'total', 760],
      ['Example city', 2020, 'million', 'expenditure', 'social assistance', 250],
      ['Example city', 2020, 'million', 'expenditure', 'personnel', 160],
      ['Example city', 2020, 'million', 'expenditure', 'other', 340],
      ['Example city', 2020, 'million', 'expenditure', 'total', 750],
      ['Example city', 2020, 'million', 'balance', 'balance', 10],
      ['Example city', 2020, 'million', 'balance', 'carry-over', 4],
      ['Example city', 2020, 'million', 'balance', 'real balance', 6],
    ],
  },
}
