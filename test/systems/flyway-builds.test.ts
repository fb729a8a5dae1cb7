import { expect, test } from 'vitest'
import { flyway } from '../../src/systems/flyway/flyway.ts'
import { flywaySettings } from '../../src/systems/flyway/settings.ts'
import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const resources = 'src/main/resources/db/migration'
const mixed = 'CREATE TABLE a (x int); CREATE INDEX CONCURRENTLY a_x ON a (x);'

const plugin = (configuration: string, more = '') =>
  `<plugin><groupId>org.flywaydb</groupId><artifactId>flyway-maven-plugin</artifactId><configuration>${configuration}</configuration>${more}</plugin>`
const pom = (plugins: string, more = '') =>
  `<project xmlns="http://maven.apache.org/POM/4.0.0">${more}<build><plugins>${plugins}</plugins></build></project>`

/** Whether the migration is refused because it mixes, and the notices about settings. */
async function read(files: Record<string, string>, dir = '') {
  const tree = mapTree({ [`${dir}${resources}/V1__a.sql`]: mixed, ...files })
  return withParsers(() => {
    const { migrations, notices } = flyway.migrations(tree, `${dir}${resources}`, { transaction: () => 'unknown' })
    const [migration] = migrations
    return {
      refused: migration?.remarks?.(mixed).some(({ kind }) => kind === 'refused') ?? null,
      execution: migration?.execution,
      late: migration?.late?.what,
      notices,
      settings: flywaySettings(tree, dir === '' ? '' : dir.slice(0, -1)),
    }
  })
}

const refused = false

test.each<[string, Record<string, string>]>([
  ['a plugin', { 'pom.xml': pom(plugin('<mixed>true</mixed>')) }],
  ['a property', { 'pom.xml': pom('', '<properties><flyway.mixed>true</flyway.mixed></properties>') }],
  [
    'a property that the plugin names',
    { 'pom.xml': pom(plugin('<mixed>${mix}</mixed>'), '<properties><mix>true</mix></properties>') },
  ],
  [
    'one execution',
    {
      'pom.xml': pom(
        plugin(
          '',
          '<executions><execution><configuration><mixed>true</mixed></configuration></execution></executions>',
        ),
      ),
    },
  ],
  [
    'a profile',
    {
      'pom.xml': pom(
        plugin(''),
        `<profiles><profile><build><plugins>${plugin('<mixed> true </mixed>')}</plugins></build></profile></profiles>`,
      ),
    },
  ],
  [
    'flyway.conf as well',
    { 'pom.xml': pom(plugin('<mixed>true</mixed>')), 'flyway.conf': 'flyway.locations=filesystem:sql\n' },
  ],
  ['Groovy', { 'build.gradle': "flyway {\n  url = 'jdbc:postgresql://h/d'\n  mixed = true // }\n}\n" }],
  ['Groovy without a sign', { 'build.gradle': 'flyway { mixed true }' }],
  [
    'Kotlin',
    { 'build.gradle.kts': 'plugins { id("org.flywaydb.flyway") }\nconfigure<FlywayExtension> {\n  mixed = true\n}\n' },
  ],
  ['a property of the extension', { 'build.gradle': 'flyway.mixed = true\n' }],
  [
    'a task of its own',
    { 'build.gradle': 'flyway { url = x }\ntask migrateOne(type: FlywayMigrateTask) {\n  mixed = true\n}\n' },
  ],
  ['gradle.properties', { 'build.gradle': 'flyway { url = x }', 'gradle.properties': 'flyway.mixed=true\n' }],
  [
    'a file that is applied',
    { 'build.gradle': 'apply from: "gradle/db.gradle"\n', 'gradle/db.gradle': 'flyway { mixed = true }' },
  ],
])('mixed by %s does not refuse', async (_, files) => {
  expect(await read(files)).toMatchObject({ refused, notices: [] })
})

test.each<[string, Record<string, string>]>([
  ['a comment in XML', { 'pom.xml': pom(plugin('<!-- <mixed>true</mixed> -->')) }],
  [
    'another plugin',
    {
      'pom.xml': pom(
        '<plugin><artifactId>other</artifactId><configuration><mixed>true</mixed></configuration></plugin>',
      ),
    },
  ],
  ['false', { 'pom.xml': pom(plugin('<mixed>false</mixed>')) }],
  [
    'a comment in Groovy',
    { 'build.gradle': 'flyway {\n  // mixed = true\n  /* mixed = true */\n  url = "mixed = true"\n}' },
  ],
  ['another block', { 'build.gradle': 'flyway { url = "x" }\nother { mixed = true }' }],
  ['nothing', {}],
])('%s does not set it', async (_, files) => {
  expect(await read(files)).toMatchObject({ refused: true, notices: [] })
})

test('a pom.xml inherits from the one above it, and a build of Gradle from allprojects and subprojects', async () => {
  const child = pom('', '<parent><artifactId>p</artifactId></parent>')
  expect(await read({ 'pom.xml': pom(plugin('<mixed>true</mixed>')), 'app/pom.xml': child }, 'app/')).toMatchObject({
    refused,
  })
  const alone = pom('', '<parent><artifactId>p</artifactId><relativePath/></parent>')
  expect(await read({ 'pom.xml': pom(plugin('<mixed>true</mixed>')), 'app/pom.xml': alone }, 'app/')).toMatchObject({
    settings: null,
  })
  const root = { 'settings.gradle': '', 'app/build.gradle': 'flyway { url = "x" }' }
  const all = { ...root, 'build.gradle': 'subprojects { flyway { mixed = true } }' }
  expect(await read(all, 'app/')).toMatchObject({ refused })
  expect(await read({ ...root, 'build.gradle': 'flyway { mixed = true }' }, 'app/')).toMatchObject({ refused: true })
})

test('a value that is not plain is not guessed, and said once', async () => {
  expect(await read({ 'build.gradle': 'flyway {\n mixed = project.hasProperty("m")\n group = g()\n}' })).toMatchObject({
    refused,
    notices: [`Flyway's settings "mixed" and "group" have no plain values in build.gradle, so they were not read.`],
  })
  expect(await read({ 'pom.xml': pom(plugin('<mixed>${no.such}</mixed><url>${db.url}</url>')) })).toMatchObject({
    refused,
    notices: [`Flyway's setting "mixed" has no plain value in pom.xml, so it was not read.`],
  })
  const conditional = await read({ 'build.gradle': 'flyway {\n if (ci) { mixed = true }\n}' })
  expect(conditional).toMatchObject({ refused, notices: [expect.stringContaining('"mixed"')] })
})

test('group, outOfOrder and names of tables', async () => {
  const configuration =
    '<group>true</group><outOfOrder>true</outOfOrder><table>h</table><schemas><schema>s</schema><schema>t</schema></schemas><pluginConfiguration><postgresqlTransactionalLock>false</postgresqlTransactionalLock></pluginConfiguration>'
  expect(await read({ 'pom.xml': pom(plugin(configuration)) })).toMatchObject({
    settings: { group: true, table: 'h', schema: 's', transactionalLock: false },
    late: 'Flyway runs it because outOfOrder is set in pom.xml, so that databases differ in the order',
  })
})

test.each<[string, string, Record<string, string>]>([
  [
    'pom.xml',
    'sql',
    { 'pom.xml': pom(plugin('<locations><location>filesystem:${basedir}/sql</location></locations>')) },
  ],
  ['pom.xml', 'src/main/resources/sql', { 'pom.xml': pom(plugin('<locations><location>sql</location></locations>')) }],
  [
    'build.gradle',
    'sql',
    { 'build.gradle': 'flyway { locations = ["filesystem:${projectDir}/none", "filesystem:sql"] as String[] }' },
  ],
  [
    'build.gradle.kts',
    'sql',
    { 'build.gradle.kts': 'flyway {\n  locations = arrayOf(\n    "filesystem:$projectDir/sql",\n  )\n}' },
  ],
])('locations in %s: %s', async (because, directory, files) => {
  const tree = mapTree({ [`${directory}/V1__a.sql`]: '', ...files })
  expect(await withParsers(() => flyway.detect(tree, ''))).toEqual({ directory, sign: 'file', because })
})

test('prefixes, the separator and suffixes', async () => {
  const naming =
    'flyway {\n sqlMigrationPrefix = "M"\n repeatableSqlMigrationPrefix = "REP"\n sqlMigrationSeparator = "-"\n sqlMigrationSuffixes = [".pg", ".sql"]\n}'
  const names = ['M2-b.pg', 'M1-a.sql', 'REP-view.sql', 'V3__c.sql']
  const tree = mapTree({
    'build.gradle': naming,
    ...Object.fromEntries(names.map(name => [`${resources}/${name}`, ''])),
  })
  const { migrations, asides } = await withParsers(() =>
    flyway.migrations(tree, resources, { transaction: () => 'unknown' }),
  )
  expect(migrations.map(({ id }) => id)).toEqual(['1', '2', 'view'])
  expect(asides?.map(({ path, why }) => [path, why])).toEqual([
    [`${resources}/V3__c.sql`, 'Flyway skips it, because its name is not like M1-description.pg or REP-description.pg'],
  ])
})
