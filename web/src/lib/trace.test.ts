import { describe, expect, it } from 'vitest'
import { decisive, rootOf, traceOf } from './trace'

const takst = { decisionDefinitionId: 'takst', matchedRules: [{ ruleIndex: 1 }] }, fejl = { decisionDefinitionId: 'fejl', matchedRules: [{ ruleIndex: 4 }] }, svar = { decisionDefinitionId: 'svar', output: 1 }
describe('stored decisions', () => {
  it('reads a task\'s and an instance\'s', () => {
    expect(traceOf({ decisionDefinitionId: 'svar', decisionOutput: false, evaluatedDecisions: [svar] })).toMatchObject({ decisionDefinitionId: 'svar', decisionOutput: false, failureMessage: null, evaluatedDecisions: [svar] })
    expect(traceOf({ decisionDefinitionId: 'svar', trace: { decisionOutput: 5, evaluatedDecisions: [takst, svar] } })).toMatchObject({ decisionOutput: 5, evaluatedDecisions: [takst, svar] })
    expect(traceOf({ name: 'Takst' })).toMatchObject({ decisionDefinitionId: 'Takst', evaluatedDecisions: [] })
  })
  it('finds the table that decided', () => {
    const trace = traceOf({ decisionDefinitionId: 'svar', evaluatedDecisions: [takst, fejl, svar] })
    expect(rootOf(trace)).toBe(svar)
    expect(decisive(trace)).toBe(fejl)
    expect(decisive(traceOf({ decisionDefinitionId: 'takst', evaluatedDecisions: [fejl, takst] }))).toBe(takst)
    expect(decisive(traceOf({ decisionDefinitionId: 'svar', evaluatedDecisions: [svar] }))).toBe(svar)
    expect(decisive(traceOf({}))).toBeUndefined()
  })
})
