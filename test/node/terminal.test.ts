import { describe, expect, it } from 'vitest'
import { fileStyle, terminalStyle, wantsColor } from '../../src/node/output/terminal.ts'

describe('colour (OF-12)', () => {
  it.each([
    // flag, environment, somebody is looking, outcome
    [undefined, {}, true, true],
    [undefined, {}, false, false],
    [undefined, { TERM: 'dumb' }, true, false],
    [undefined, { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
    [undefined, { FORCE_COLOR: '0' }, true, false],
    [undefined, { FORCE_COLOR: 'false' }, true, false],
    [undefined, { FORCE_COLOR: '' }, true, true],
    [undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [undefined, { NO_COLOR: '' }, true, true],
    [undefined, { NO_COLOR: '0' }, true, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '0', TERM: 'dumb' }, false, true],
    [false, { FORCE_COLOR: '3' }, true, false],
  ] as const)('flag %s, environment %o, terminal %s: %s', (flag, env, isTTY, expected) => {
    expect(wantsColor({ env, isTTY }, flag)).toBe(expected)
  })

  it('never reaches a file', () => {
    expect(fileStyle({ color: true })).toMatchObject({ color: false, links: false, width: 80 })
  })
})

describe('links (OF-12)', () => {
  const kitty = { TERM: 'xterm-kitty' }
  it.each([
    [kitty, true, true],
    [{}, true, false],
    [kitty, false, false],
    [{ ...kitty, CI: 'true' }, true, false],
    [{ ...kitty, NO_COLOR: '1' }, true, false],
    [{ ...kitty, FORCE_COLOR: '1' }, false, false],
  ])('environment %o, terminal %s: %s', (env, isTTY, expected) => {
    expect(terminalStyle({ env, isTTY, columns: 100 }, {}).links).toBe(expected)
  })
})

describe('width', () => {
  it('is that of the terminal, and eighty columns elsewhere', () => {
    expect(terminalStyle({ env: {}, isTTY: true, columns: 120 }, {}).width).toBe(120)
    expect(terminalStyle({ env: {}, isTTY: true, columns: undefined }, {}).width).toBe(80)
    expect(terminalStyle({ env: {}, isTTY: false, columns: 120 }, {}).width).toBe(80)
  })
})

describe('characters (OF-13)', () => {
  it('are ASCII when asked for, and on a terminal that can do nothing', () => {
    expect(terminalStyle({ env: {}, isTTY: true, columns: 80 }, { ascii: true }).ascii).toBe(true)
    expect(terminalStyle({ env: { TERM: 'dumb' }, isTTY: true, columns: 80 }, {}).ascii).toBe(true)
    expect(terminalStyle({ env: {}, isTTY: true, columns: 80 }, {}).ascii).toBe(false)
  })
})
