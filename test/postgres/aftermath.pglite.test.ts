import { PGlite } from '@electric-sql/pglite'
import { bloom } from '@electric-sql/pglite/contrib/bloom'
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { intarray } from '@electric-sql/pglite/contrib/intarray'
import { lo } from '@electric-sql/pglite/contrib/lo'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto'
import { expect, test } from 'vitest'
import { cases } from './kit/aftermath-cases.ts'

test('the effects of earlier statements on later ones are those of the model', { timeout: 600_000 }, async () => {
  const database = new PGlite({ extensions: { bloom, btree_gin, btree_gist, intarray, lo, pg_trgm, pgcrypto } })
  for (const { about, setup, statements } of cases) {
    await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public;')
    await database.exec(setup)
    const found: (string | null)[] = []
    for (const [sql] of statements) {
      const sqlstate = await database.exec(sql).then(
        () => null,
        (error: { code?: string }) => error.code ?? 'no code',
      )
      found.push(sqlstate)
    }
    expect(found, about).toEqual(statements.map(([, sqlstate]) => sqlstate))
  }
  await database.close()
})
