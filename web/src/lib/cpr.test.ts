import { describe, expect, it } from 'vitest'
import { isMasked, maskCpr, maskValue } from './cpr'

describe('personal numbers never show their last four digits', () => {
  it.each([['CPR 050380-1234.', 'CPR 050380-••••.'], ['0503801234', '050380-••••'], ['650380-1234', '650380-••••'], ['050380 1234, som', '050380-••••, som'], ['to: 010190-0001 og 311299-9999', 'to: 010190-•••• og 311299-••••']])('%s', (text, masked) => expect(maskCpr(text)).toBe(masked))
  it.each(['5790000123456', '2251799813685249', '1234567890', 'F-20260503', '4530123456', '512,00 kr.'])('leaves %s', (text) => expect(maskCpr(text)).toBe(text))
  it('goes through whole values and knows a field by its name', () => {
    const shown = maskValue({ borger: { cpr: 503801234, navn: 'Anna' }, noter: ['se 050380-1234'] })
    expect(shown).toEqual({ borger: { cpr: '050380-••••', navn: 'Anna' }, noter: ['se 050380-••••'] })
    expect(isMasked(shown)).toBe(true)
    expect(isMasked({ navn: 'Anna' })).toBe(false)
  })
})
