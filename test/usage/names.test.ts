import { expect, test } from 'vitest'
import { plan } from '../../src/usage/answers.ts'
import { isCode } from '../../src/usage/code-file.ts'
import { formsOf, tableForms } from '../../src/usage/forms.ts'
import { column } from './kit/said.ts'

test('names have the forms of all conventions', () => {
  expect(formsOf('user_id').all).toEqual(['user_id', 'userId', 'UserId', 'UserID', 'userID', 'USER_ID'])
  expect(formsOf('userId').all).toEqual(['userId', 'user_id', 'UserId', 'UserID', 'userID', 'USER_ID'])
  expect(tableForms('order_items').classes).toEqual(['OrderItem', 'OrderItems'])
  expect(formsOf('name').isDistinctive).toBe(false)
  expect(formsOf('billing_reference').isDistinctive).toBe(true)
})

test('names that no program can contain are not searched for', () => {
  const names = ['a\nb', '', 'x\u0000y']
  expect(plan(names.map(name => column('orders', name)))).toMatchObject({ distinctive: [], common: [] })
})

test('tests, dumps, lock files, copies and documents are not code', () => {
  const none = [
    'db/migrate/1_a.rb',
    'db/schema.rb',
    'db/structure.sql',
    'test/a.ts',
    'src/a.test.ts',
    'src/a_test.go',
    'spec/models/order_spec.rb',
    'vendor/a.php',
    'node_modules/a/b.js',
    'package-lock.json',
    'yarn.lock',
    'README.md',
    'locales/de.yml',
    'public/app.min.js',
    'api/order.pb.go',
  ]
  expect(none.filter(isCode)).toEqual([])
  expect(['src/a.ts', 'app/models/order.rb', 'main.go', 'schema.prisma'].filter(path => !isCode(path))).toEqual([])
})
