export * from './solve.ts'
export * from './problem.ts'
export * from './solution.ts'
