import { expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { sqlOf } from '../../src/lint/help.ts'

/** All SQL that the help of the findings in a statement has. */
async function advised(content: string): Promise<string[]> {
  const { findings } = await lint({ migrations: [{ path: '1.sql', content }], config: {} })
  return findings
    .flatMap(({ help }) => sqlOf(help))
    .flatMap(sql => sql.split('\n').filter(line => /ALTER TABLE/.test(line)))
}

test.each([
  'ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES users (id)',
  'ADD CONSTRAINT ck CHECK (a > 0)',
  'ALTER a SET NOT NULL',
  'DROP CONSTRAINT orders_a_fkey',
])('advice in place of ALTER TABLE IF EXISTS … %s says IF EXISTS, too', async command => {
  const plain = await advised(`ALTER TABLE orders ${command};`)
  const cautious = await advised(`ALTER TABLE IF EXISTS orders ${command};`)
  expect(plain.length).toBeGreaterThan(0)
  expect(plain.join('\n')).not.toContain('IF EXISTS')
  expect(cautious).toEqual(plain.map(line => line.replace('ALTER TABLE ', 'ALTER TABLE IF EXISTS ')))
})
