import { expect, test } from 'vitest'
import { changed, hitPath, isSearching, readSearch } from './bankSearch'

test('the address holds the search', () => {
  const search = readSearch(new URLSearchParams('q=takst&kle=15.20&runnable=true&fra=20&sort=changed'))
  expect(search).toEqual({ q: 'takst', chosen: { kleGroup: '15.20', runnable: 'true' }, sort: 'changed', offset: 20 })
  expect(isSearching(search)).toBe(true)
  expect(isSearching(readSearch(new URLSearchParams('')))).toBe(false)
  expect(isSearching(readSearch(new URLSearchParams('pattern=true')))).toBe(true)
  expect(readSearch(new URLSearchParams('fra=x')).offset).toBe(0)
  expect(readSearch(new URLSearchParams('fra=-5')).offset).toBe(0)
})

test('another choice begins at the first page', () => {
  expect(changed(new URLSearchParams('q=a&fra=40'), 'kind', 'god').toString()).toBe('q=a&kind=god')
  expect(changed(new URLSearchParams('q=a&kind=god'), 'kind', '').toString()).toBe('q=a')
  expect(changed(new URLSearchParams('q=a'), 'fra', '20').toString()).toBe('q=a&fra=20')
})

test('a hit leads to its place', () => {
  expect(hitPath('a/b', { field: 'aktivitet', text: 'x', elementId: 'vurder' })).toBe('/bank/a/b?element=vurder')
  expect(hitPath('a/b', { field: 'beslutning', text: 'x', elementId: 'takst' })).toBe('/bank/a/b/regler?regel=takst')
  expect(hitPath('a/b', { field: 'jura', text: '§ 10', elementId: null })).toBe('/bank/a/b/jura')
  expect(hitPath('a/b', { field: 'jura', text: '§ 10', elementId: 'hør' })).toBe('/bank/a/b?element=h%C3%B8r')
  expect(hitPath('a/b', { field: 'rolle', text: 'Læge' })).toBe('/bank/a/b')
})
