import { describe, expect, test } from 'vitest'
import { flyway } from '../../src/systems/flyway/flyway.ts'
import { flywayName } from '../../src/systems/flyway/name.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const one = 'CREATE TABLE a (x int);'
const index = 'CREATE INDEX CONCURRENTLY a_x ON a (x);'

function listed(files: Record<string, string>, dir = 'sql') {
  const { migrations, asides = [], notices } = flyway.migrations(mapTree(files), dir, options)
  return {
    paths: migrations.map(({ path }) => path.slice(dir.length + 1)),
    asides: asides.map(({ path, kind }) => `${path.slice(dir.length + 1)} ${kind}`),
    migrations,
    notices,
  }
}

describe('names', () => {
  test.each([
    ['V1__a.sql', 'versioned 1'],
    ['V1.2.3__a.SQL', 'versioned 1.2.3'],
    ['V1_2__a__b.sql', 'versioned 1.2'],
    ['V2.0__a.sql', 'versioned 2.0'],
    ['V5.sql', 'versioned 5'],
    ['V20240101120000000000000000001__a.java', 'versioned 20240101120000000000000000001'],
    ['R__all_views.sql', 'repeatable all views'],
    ['U1.1__a.sql', 'undo 1.1'],
    ['B3__a.sql', 'baseline 3'],
    ['afterMigrate.sql', 'callback afterMigrate'],
    ['afterMigrateError__tell.sql', 'callback afterMigrateError'],
    ['beforeEachMigrate__lock_timeout.sql', 'callback beforeEachMigrate'],
  ])('%s is %s', (file, expected) => {
    const name = flywayName(file)
    expect(`${name?.kind} ${name?.id}`).toBe(expected)
  })

  test.each([
    'v1__a.sql',
    'V1_a.sql',
    'V__a.sql',
    'V1.x__a.sql',
    'V1.__a.sql',
    'R1__a.sql',
    'README.sql',
    'aftermigrate.sql',
    'afterMigrate_x.sql',
    'V1__a.sql.conf',
    'V1__a.txt',
  ])('%s is not a migration', file => {
    expect(flywayName(file)).toBeNull()
  })
})

test('the order: versions part by part as numbers, then repeatables by description, without undo and baseline', () => {
  const names = [
    'V1.10__j.sql',
    'V1.9__i.sql',
    'V2__k.sql',
    'V1__a.sql',
    'V1_0_1__b.sql',
    'below/V1.1__c.sql',
    'V010__z.sql',
  ]
  const others = [
    'R__b.sql',
    'R__B.sql',
    'R__a.sql',
    'U2__k.sql',
    'B2__k.sql',
    '.V3__hidden.sql',
    'afterMigrate.sql',
    'x.sql',
  ]
  const { paths, asides, migrations } = listed(
    Object.fromEntries([...others, ...names].map(name => [`sql/${name}`, one])),
  )
  expect(paths).toEqual([
    'V1__a.sql',
    'V1_0_1__b.sql',
    'below/V1.1__c.sql',
    'V1.9__i.sql',
    'V1.10__j.sql',
    'V2__k.sql',
    'V010__z.sql',
    'R__B.sql',
    'R__a.sql',
    'R__b.sql',
  ])
  expect(asides.sort()).toEqual([
    'B2__k.sql baseline',
    'U2__k.sql undo',
    'afterMigrate.sql callback',
    'x.sql never-runs',
  ])
  expect(migrations.find(({ id }) => id === '2')?.downPath).toBe('sql/U2__k.sql')
})

test('equal versions are reported: 1.0 is 1', () => {
  const { notices } = listed({ 'sql/V1.0__a.sql': one, 'sql/V1__b.sql': one })
  expect(notices).toEqual(['Flyway stops at version 1, which sql/V1.0__a.sql and sql/V1__b.sql share.'])
})

describe('the transaction', () => {
  const runs = (files: Record<string, string>) => {
    const [migration] = listed(files).migrations
    const remarks = migration?.remarks?.(files['sql/V1__a.sql'] ?? '') ?? []
    return [migration?.execution.inTransaction, remarks.some(({ kind }) => kind === 'refused')]
  }

  test.each([
    [one, true, false],
    [index, false, false],
    ['create unique index concurrently a_x on a (x);', false, false],
    ['DROP INDEX /* now */ CONCURRENTLY a_x;', false, false],
    ['VACUUM (ANALYZE) a;', false, false],
    ['REINDEX SCHEMA public;', false, false],
    ['REINDEX (VERBOSE) DATABASE d;', false, false],
    ['CREATE DATABASE d;', false, false],
    ['ALTER SYSTEM SET work_mem = 1;', false, false],
    // Not detected.
    ['REINDEX INDEX CONCURRENTLY a_x;', true, false],
    ['REINDEX TABLE a;', true, false],
    ['ALTER TABLE a DETACH PARTITION b CONCURRENTLY;', true, false],
    ["ALTER TYPE t ADD VALUE 'x';", true, false],
    ["SELECT 'VACUUM';", true, false],
    [`${one} ${index}`, false, true],
    [`${index} VACUUM a;`, false, false],
  ])('%s: %s, refused: %s', (text, inTransaction, refused) => {
    expect(runs({ 'sql/V1__a.sql': text })).toEqual([inTransaction, refused])
  })

  test('the file beside it decides, then the configuration', () => {
    const conf = (text: string) => ({ 'sql/V1__a.sql': `${one} ${index}`, 'sql/V1__a.sql.conf': text })
    expect(runs(conf('executeInTransaction=false\n'))).toEqual([false, false])
    expect(runs(conf('executeInTransaction = true\n'))).toEqual([true, false])
    const settings = (text: string) => ({ 'sql/V1__a.sql': `${one} ${index}`, 'flyway.conf': text })
    expect(runs(settings('flyway.mixed=true\n'))).toEqual([false, false])
    const global = { 'sql/V1__a.sql': one, 'flyway.conf': 'flyway.executeInTransaction=false\n' }
    expect(runs(global)).toEqual([false, false])
  })

  test('flyway.group puts all pending migrations into one', () => {
    const { migrations } = listed({ 'sql/V1__a.sql': one, 'flyway.conf': 'flyway.group=true\n' })
    expect(migrations[0]?.execution).toMatchObject({ inTransaction: true, singleMessage: false, spansFiles: true })
    expect(migrations[0]?.runner.laterMigration()).toContain('flyway.group')
  })

  test("a statement that waits for Flyway's lock is reported, and advice has the remedy", () => {
    const lockOf = (files: Record<string, string>) => {
      const [migration] = listed({ 'sql/V1__a.sql': index, ...files }).migrations
      return {
        remarks: migration?.remarks?.(index).map(({ kind }) => kind),
        outside: migration?.runner.outsideTransaction(),
      }
    }
    expect(lockOf({}).remarks).toEqual(['own-lock'])
    expect(lockOf({}).outside).toContain('flyway.postgresql.transactional.lock=false')
    for (const configuration of [
      { 'flyway.conf': 'flyway.postgresql.transactional.lock=false\n' },
      { 'flyway.toml': '[flyway.postgresql]\ntransactional.lock = false\n' },
      { 'flyway.toml': '[flyway.postgresql.transactional]\nlock = false\n' },
    ]) {
      expect(lockOf(configuration).remarks).toEqual([])
      expect(lockOf(configuration).outside).not.toContain('lock')
    }
  })
})

describe('detection', () => {
  const detect = (files: Record<string, string>, dir = '') => flyway.detect(mapTree(files), dir)
  const resources = 'src/main/resources'

  test('by its own configuration', () => {
    const toml = '[environments.x]\nurl = "jdbc:postgresql://h/d"\n[flyway]\nlocations = ["filesystem:db"]\n'
    expect(detect({ 'flyway.toml': toml, 'db/V1__a.sql': '' })).toEqual({
      directory: 'db',
      sign: 'file',
      because: 'flyway.toml',
    })
    expect(detect({ 'conf/flyway.conf': 'flyway.url=jdbc:mysql://h/d\n', 'sql/V1__a.sql': '' })).toEqual({
      directory: 'sql',
      sign: 'file',
      because: 'conf/flyway.conf',
      dialect: 'mysql',
    })
  })

  test('classes of a location of the class path belong to it, wherever one looks', () => {
    const files = {
      'app/pom.xml':
        '<project><dependencies><dependency><groupId>org.flywaydb</groupId><artifactId>flyway-core</artifactId></dependency></dependencies></project>',
      'app/src/main/resources/db/migration/V1__a.sql': 'CREATE TABLE a (b int);',
      'app/src/main/java/db/migration/V2__b.java':
        'public class V2__b extends BaseJavaMigration { public void migrate(Context c) throws Exception { c.getConnection().createStatement().execute("ALTER TABLE a DROP COLUMN b"); } }',
      'app/src/main/resources/db/migration/V3__c.sql': 'SELECT 1;',
      'app/src/main/java/org/other/V4__d.java': 'class V4__d {}',
    }
    for (const dir of ['app', 'app/src/main/resources/db/migration', 'app/src/main/java/db/migration'])
      expect(detect(files, dir)?.directory).toBe('app/src/main')
    const { migrations } = flyway.migrations(mapTree(files), 'app/src/main', options)
    expect(migrations.map(({ id, opaque }) => [id, opaque])).toEqual([
      ['1', undefined],
      ['2', 'it is written in Java'],
      ['3', undefined],
    ])
    expect(migrations[1]?.runner.outsideTransaction()).toContain('canExecuteInTransaction()')
    expect(migrations[0]?.runner.outsideTransaction()).toContain('.conf')
    // Without classes there, the folder of resources is all there is.
    const { 'app/src/main/java/db/migration/V2__b.java': _, ...alone } = files
    expect(detect(alone, 'app')?.directory).toBe('app/src/main/resources/db/migration')
  })

  test('by Spring Boot', () => {
    const yaml = `spring:\n  datasource:\n    url: jdbc:postgresql://h/d\n  flyway:\n    enabled: true\n    locations:\n      - classpath:db/steps\n    postgresql:\n      transactional-lock: false\n`
    const files = { [`${resources}/application.yml`]: yaml, [`${resources}/db/steps/V1__a.sql`]: index }
    expect(detect(files)).toEqual({
      directory: `${resources}/db/steps`,
      sign: 'file',
      because: `${resources}/application.yml`,
    })
    expect(listed(files, `${resources}/db/steps`).migrations[0]?.remarks?.(index)).toEqual([])
    const h2 = `spring.datasource.url=jdbc:h2:mem:x\nspring.flyway.enabled=true\n`
    const other = { [`${resources}/application.properties`]: h2, [`${resources}/db/migration/V1__a.sql`]: '' }
    expect(detect(other)?.dialect).toBe('h2')
  })

  test('by a build file, or by names alone', () => {
    const files = { [`${resources}/db/migration/V1__a.sql`]: '' }
    expect(detect({ 'build.gradle': "id 'org.flywaydb.flyway'", ...files })?.sign).toBe('dependency')
    expect(detect(files)).toBeNull()
  })

  test.each([
    ['build.gradle', `plugins { id "org.flywaydb.flyway" version "11.1.0" }`],
    ['build.gradle.kts', 'dependencies { implementation("org.flywaydb:flyway-core") }'],
    ['build.gradle', `def url = "https://x" ; apply plugin: 'org.flywaydb.flyway'`],
    ['build.gradle', `// it's here\nid '''org.flywaydb.flyway'''`],
    [
      'pom.xml',
      '<p:project xmlns:p="m"><p:dependencies><p:dependency><p:version>1</p:version><p:groupId><![CDATA[org.flywaydb]]></p:groupId></p:dependency></p:dependencies></p:project>',
    ],
    [
      'pom.xml',
      '<project><build><pluginManagement><plugins><plugin><artifactId>flyway&#45;maven-plugin</artifactId></plugin></plugins></pluginManagement></build></project>',
    ],
  ])('by a dependency in %s: %s', (name, text) => {
    expect(detect({ [name]: text, [`${resources}/db/migration/V1__a.sql`]: '' })?.because).toBe(`Flyway in ${name}`)
  })

  test.each([
    ['build.gradle', "// id 'org.flywaydb.flyway'"],
    ['build.gradle', "/* it's gone:\nid 'org.flywaydb.flyway' */"],
    ['build.gradle.kts', 'val flyway = "no dependency"'],
    ['pom.xml', '<project><!-- <dependency><groupId>org.flywaydb</groupId></dependency> --></project>'],
    [
      'pom.xml',
      '<project><properties><flyway.version>11</flyway.version></properties><description>flyway</description></project>',
    ],
    [
      'pom.xml',
      '<project><dependencies><dependency><groupId>a</groupId><exclusions><exclusion><groupId>org.flywaydb</groupId></exclusion></exclusions></dependency></dependencies></project>',
    ],
  ])('not by text in %s that is not a dependency: %s', (name, text) => {
    expect(detect({ [name]: text, [`${resources}/db/migration/V1__a.sql`]: '' })).toBeNull()
  })

  test('by names', () => {
    expect(detect({ 'db/migration/v1/V1__a.sql': '' }, 'db/migration')).toEqual({
      directory: 'db/migration',
      sign: 'names',
      because: 'db/migration/v1/V1__a.sql',
    })
    expect(detect({ 'x/V1_a.sql': '', 'x/R__b.sql': '' }, 'x')).toBeNull()
  })
})
