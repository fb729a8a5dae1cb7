/** Texts that make an expression or a loop which is worse than linear show itself, and projects of every system to put them into. */

/** A text of about `size` characters. */
export type Content = (size: number) => string

const times =
  (piece: string): Content =>
  size =>
    piece.repeat(Math.ceil(size / piece.length))
/** A start, the piece over and over, and something that makes the end not match. */
const between =
  (start: string, piece: string, end: string): Content =>
  size =>
    start + times(piece)(size) + end

export const contents: Readonly<Record<string, Content>> = {
  'empty lines': between('', '\n', 'x'),
  'empty lines, CRLF': between('', '\r\n', 'x'),
  spaces: between('', ' ', 'x'),
  tabs: between('[[', '\t', 'x'),
  'lines of spaces': between('', '  \n', 'x'),
  brackets: times('[['),
  'lines of brackets': times('[\n'),
  dashes: times('--'),
  'lines of dashes': times('--\n'),
  'dashes and spaces': times('-- - '),
  comments: times('/*'),
  'lines of comments': times('/* x */\n'),
  'dollar quotes': times('$a$'),
  'dollar tags': times('$a$ $b$ '),
  'single quotes': times("'"),
  'double quotes': times('"'),
  'odd quotes': between("'", `''`, ''),
  backticks: times('`x'),
  braces: times('{{'),
  'template words': times('${'),
  backslashes: times('\\'),
  'one line': times('a'),
  'a dotted word': times('a.'),
  'one line of words': times('config migration transaction up down '),
  'lines of words': times('up migration\n'),
  'equals signs': times('= {'),
  'keys and colons': times('a: '),
  hashes: times('#\n'),
  semicolons: times(';'),
  statements: times('SELECT 1;\n'),
  'lines of directives': times('-- migrate-lint-disable-line x\n'),
  'allowed edits': times('-- migrate-lint-allow-edit: \t'),
  'change sets': times('--changeset a:b\n'),
  'change sets without an end': between('--changeset ', ' ', ''),
  'ignored lines': times('--ignoreLines:start\n--changeset a:b\n--ignoreLines:end\n'),
  'rollback blocks': times('--changeset a:b\n/* liquibase rollback\n'),
  markers: times('-- migrate:up\n-- migrate:down\n'),
  'goose markers': times('-- +goose StatementBegin\nx\n-- +goose StatementEnd\n'),
  breakpoints: times("'\n--> statement-breakpoint\n"),
  'markers of ups': between('', '--\n', 'up  migration'),
  'XML comments': times('<!--\n'),
  includes: times('<include file="x" '),
  'XML elements': times('<a>'),
  'XML attributes': between('<a', ' b = ""\t', '/>'),
  'XML references': times('&#10;&amp;'),
  'XML sections': times('<![CDATA[]]]]>'),
  'XML spaces in a tag': between('<a b', ' ', '=""/>'),
  'YAML lists': times('- - '),
  'words of configurations': times('migrations: { path: datasource db { '),
  'Python lists': times('\n    dependencies: x = [('),
  'PHP calls': times("'default' => env("),
  'command lines': times('--config-file=migration:run node-pg-migrate '),
  'wide letters': times('é日😀\u2028'),
}

/** For each system, a project with the text in every kind of file that the system reads. */
export const layouts: Readonly<Record<string, (text: string) => Record<string, string>>> = {
  'plain SQL': text => ({ '1.sql': text, '2_a.down.sql': text }),
  Prisma: text => ({
    'prisma/migrations/migration_lock.toml': `provider = "postgresql"\n${text}`,
    'prisma/migrations/20240101000000_a/migration.sql': text,
    'prisma/schema.prisma': text,
    'prisma.config.ts': text,
  }),
  'Prisma 8': text => ({
    'migrations/20240101T0000_a/migration.json': text,
    'migrations/20240101T0000_a/ops.json': text,
  }),
  Drizzle: text => ({
    'drizzle.config.ts': `out: './drizzle'\n${text}`,
    'drizzle/meta/_journal.json': '{"entries":[{"idx":0,"when":1,"tag":"0000_a"}],"dialect":"postgresql"}',
    'drizzle/meta/0000_snapshot.json': text,
    'drizzle/0000_a.sql': text,
  }),
  "Drizzle's journal": text => ({
    'drizzle/meta/_journal.json': `{"entries":[${text}`,
    'drizzle/0000_a.sql': 'SELECT 1',
  }),
  Supabase: text => ({
    'supabase/config.toml': `project_id = "a"\n${text}`,
    'supabase/migrations/20240101000000_a.sql': text,
    'package.json': `{"devDependencies":{"supabase":"^3.0.0"}}`,
  }),
  Sqitch: text => ({
    'sqitch.conf': `[core]\nengine = pg\n${text}`,
    'sqitch.plan': `%syntax-version=1.0.0\n%project=a\n\na 2024-01-01T00:00:00Z A <a@a>\n${text}`,
    'deploy/a.sql': text,
    'revert/a.sql': text,
  }),
  "a line of Sqitch's plan": text => ({
    'sqitch.plan': `%project=a\n\n${text.replaceAll('\n', ' ')}\n`,
    'deploy/a.sql': 'SELECT 1',
  }),
  'node-pg-migrate': text => ({
    'package.json': '{"dependencies":{"node-pg-migrate":"1"}}',
    'migrations/1_a.sql': text,
    'migrations/2_b.sql': `${text}\n-- Down Migration\n${text}`,
    'migrations/3_c.js': text,
  }),
  Flyway: text => ({ 'flyway.toml': text, 'sql/V1__a.sql': text, 'sql/V1__a.sql.conf': text, 'sql/U1__a.sql': text }),
  'Flyway of Maven and Gradle': text => ({
    'pom.xml': `<project><!-- flyway -->${text}</project>`,
    'build.gradle': `// flyway\n${text}`,
    'src/main/resources/db/migration/V1__a.sql': text,
  }),
  'Flyway of Spring': text => ({
    'src/main/resources/application.yml': `spring:\n  flyway:\n    locations: classpath:db\n${text}`,
    'src/main/resources/db/V1__a.sql': text,
  }),
  'golang-migrate': text => ({
    '.env': `DATABASE_URL=postgres://x?x-multi-statement=true\n${text}`,
    '1_a.up.sql': text,
    '1_a.down.sql': text,
  }),
  dbmate: text => ({ '1_a.sql': `-- migrate:up\n${text}\n-- migrate:down\n${text}`, '.env': text }),
  goose: text => ({ '1_a.sql': `-- +goose Up\n${text}`, '2_b.go': text }),
  sqlx: text => ({ 'sqlx.toml': text, 'Cargo.toml': text, 'migrations/1_a.sql': text }),
  Diesel: text => ({
    'diesel.toml': text,
    'migrations/1_a/up.sql': text,
    'migrations/1_a/metadata.toml': `run_in_transaction = true\n${text}`,
  }),
  refinery: text => ({ 'refinery.toml': text, 'migrations/V1__a.sql': text }),
  Atlas: text => ({
    'atlas.hcl': `migration {\n dir = "file://m"\n}\n${text}`,
    'm/1_a.sql': `-- atlas:delimiter X\n\n${text}`,
    'm/atlas.sum': `h1:x\n${text}`,
  }),
  Hasura: text => ({
    'config.yaml': `metadata_directory: metadata\n${text}`,
    'metadata/databases/databases.yaml': text,
    'migrations/default/1700000000000_a/up.sql': text,
  }),
  'Graphile Migrate': text => ({
    '.gmrc': text,
    'migrations/committed/000001.sql': `--! Previous: -\n--! Hash: sha1:x\n${text}`,
    'migrations/current.sql': text,
  }),
  'postgres-migrations': text => ({ 'm/1_a.sql': `-- postgres-migrations disable-transaction\n${text}` }),
  'db-migrate': text => ({
    'database.json': text,
    '.db-migraterc': text,
    'migrations/20240101000000-a.js': text,
    'package.json': '{"dependencies":{"db-migrate":"1"}}',
  }),
  Liquibase: text => ({
    'liquibase.properties': `changeLogFile=db/changelog-master.xml\n${text}`,
    'db/changelog-master.xml': `<databaseChangeLog><include file="a.sql"/><include file="b.yaml"/>${text}</databaseChangeLog>`,
    'db/a.sql': `--liquibase formatted sql\n--changeset a:1\n${text}`,
    'db/b.yaml': `databaseChangeLog:\n${text}`,
  }),
  "Liquibase's SQL": text => ({
    'a.sql': `--liquibase formatted sql\n${text}`,
    'b.sql': `--liquibase formatted sql\n--changeset a:1 endDelimiter:x\n${text}`,
  }),
  Rails: text => ({
    'db/migrate/20240101000000_a.rb': `class A < ActiveRecord::Migration[7.0]\n${text}`,
    'config/database.yml': text,
  }),
  Django: text => ({
    'manage.py': '',
    'a/migrations/0001_initial.py': `class Migration(migrations.Migration):\n${text}`,
    'a/apps.py': text,
    'a/settings.py': `DATABASES = {'ENGINE': ${text}`,
  }),
  Alembic: text => ({
    'alembic.ini': `[alembic]\nscript_location = m\n${text}`,
    'm/env.py': text,
    'm/versions/a.py': `revision = 'a'\ndown_revision = (${text}`,
  }),
  Laravel: text => ({
    'database/migrations/2024_01_01_000000_a.php': `use Illuminate\\Database\\Migrations\\Migration;\n${text}`,
    'config/database.php': text,
    'docker-compose.yml': text,
  }),
  'EF Core': text => ({ 'M/20240101000000_a.cs': text, 'M/AModelSnapshot.cs': text, 'a.csproj': text }),
  Knex: text => ({ 'knexfile.js': `migrations: {\n${text}`, 'migrations/20240101000000_a.js': `knex\n${text}` }),
  Kysely: text => ({
    'kysely.config.ts': text,
    'migrations/1234_a.ts': `import { Kysely } from 'kysely'\nexport const up\n${text}`,
  }),
  TypeORM: text => ({
    'data-source.ts': text,
    'migrations/1700000000000-A.ts': `class A1700000000000 implements MigrationInterface\n${text}`,
    'package.json': '{"dependencies":{"typeorm":"1"}}',
  }),
  Sequelize: text => ({
    '.sequelizerc': `'migrations-path': 'migrations'\n${text}`,
    'migrations/20240101000000-a.js': `up ${text}`,
  }),
  MikroORM: text => ({
    'mikro-orm.config.ts': text,
    'migrations/Migration20240101000000.ts': `from '@mikro-orm/migrations'\n${text}`,
  }),
  Ecto: text => ({ 'mix.exs': text, 'priv/repo/migrations/20240101000000_a.exs': `use Ecto.Migration\n${text}` }),
}
