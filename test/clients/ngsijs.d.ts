/** What is used of ngsijs, FIWARE's client for JavaScript, which brings no types: each call is one operation of the standard. */
declare module 'ngsijs' {
  export type Call = (...parameters: object[]) => Promise<any>
  const NGSI: { readonly Connection: new (url: string) => { readonly ld: Readonly<Record<string, Call>> } }
  export default NGSI
}
