import { expect, test } from 'vitest'
import { laravel } from '../../src/systems/laravel/laravel.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const php = (body: string) =>
  `<?php\n\nuse Illuminate\\Database\\Migrations\\Migration;\n\nreturn new class extends Migration\n{\n${body}\n};\n`

const files = {
  'database/migrations/2026_01_02_000000_b.php': php('    public $withinTransaction = false;'),
  'database/migrations/2026_01_01_000000_a.php': php(''),
  'database/migrations/0001_01_01_000000_users.php': php(''),
  'database/migrations/helper.php': '<?php',
}

test('migrations are ordered by file name, and may opt out in their class', () => {
  const { migrations } = laravel.migrations(mapTree(files), 'database/migrations', options)
  expect(migrations.map(({ id, execution, opaque }) => [id, execution.inTransaction, opaque])).toEqual([
    ['0001_01_01_000000_users', true, 'it is written in PHP'],
    ['2026_01_01_000000_a', true, 'it is written in PHP'],
    ['2026_01_02_000000_b', false, 'it is written in PHP'],
  ])
})

test('is recognised by the classes; the environment or the configuration names the database', () => {
  const detect = (more: Record<string, string>) => laravel.detect(mapTree({ ...files, ...more }), 'database/migrations')
  expect(detect({})).toMatchObject({ directory: 'database/migrations', sign: 'marker' })
  expect(detect({})).not.toHaveProperty('dialect')
  expect(detect({ '.env.example': 'DB_CONNECTION=pgsql\n' })).not.toHaveProperty('dialect')
  expect(detect({ '.env.example': 'DB_CONNECTION=mariadb\n' })).toMatchObject({ dialect: 'mariadb' })
  expect(
    detect({ '.env.example': 'DB_CONNECTION=sqlite', 'compose.yml': 'services:\n  db:\n    image: postgres:17\n' }),
  ).not.toHaveProperty('dialect')
  expect(
    detect({ 'config/database.php': "<?php return ['default' => env('DB_CONNECTION', 'sqlite')];" }),
  ).toMatchObject({
    dialect: 'sqlite',
  })
})
