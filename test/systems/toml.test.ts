import { expect, test } from 'vitest'
import { toml } from '../../src/systems/reading/toml.ts'

const read = (text: string) => {
  const values = toml(text)
  return values && Object.fromEntries(values)
}

test('tables, dotted and quoted keys, comments', () => {
  expect(
    read(`a = "x" # said
# b = "no"
"c d".e = 'C:\\x'
[migrate.defaults] # here
migration-type = "rever\\"sible # no comment"
[[bin]]
name = "y"
`),
  ).toEqual({
    a: 'x',
    'c d.e': 'C:\\x',
    'migrate.defaults.migration-type': 'rever"sible # no comment',
    'bin.name': 'y',
  })
})

test('booleans, lists, lists of several lines, tables in a line, and other values as text', () => {
  expect(
    read(`on = true
off=false
number = 1_000
list = ["a", 'b']
long = [
  "a", # the first
  "b",
]
table = { version = "1", features = ["x"] }
`),
  ).toEqual({
    on: true,
    off: false,
    number: '1000',
    list: ['a', 'b'],
    long: ['a', 'b'],
    'table.version': '1',
    'table.features': ['x'],
  })
})

test('strings of several lines', () => {
  expect(read('a = """\none = 1\n"""\nb = true\r\n')).toEqual({ a: 'one = 1\n', b: true })
})

test.each(['nonsense', 'a', '= 1', 'a = ', 'a = [1,', 'a: true'])('%j is not TOML', text => {
  expect(toml(text)).toBeNull()
})
