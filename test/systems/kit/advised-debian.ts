import { spawnSync } from 'node:child_process'
import { type CodeTool, program } from './advised.ts'

const laravel = '/usr/share/php/Illuminate/autoload.php'
const versions = {
  rails: versionOf('ruby', [
    '-e',
    'require "logger"; require "active_record"; require "pg"; print ActiveRecord.version',
  ]),
  laravel: versionOf('php', [
    '-r',
    `require "${laravel}"; if (extension_loaded("pdo_pgsql")) echo Illuminate\\Foundation\\Application::VERSION;`,
  ]),
}

/** The version that a program prints; null: the program is not there, or prints something else. */
function versionOf(name: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(name, args, { encoding: 'utf8' })
  return status === 0 && /^\d+\.\d+(?:\.\d+)*$/.test(stdout) ? stdout : null
}

/** Why tools are not run, a line each. */
export const withoutDebian: readonly string[] = [
  ...(versions.rails
    ? []
    : ['Rails is not run: there are no ruby-activerecord and ruby-pg of Debian on this machine.']),
  ...(versions.laravel
    ? []
    : ['Laravel is not run: there are no php-laravel-framework and php-pgsql of Debian on this machine.']),
]

const short = /^\d+\.\d+/.exec(versions.rails ?? '')?.[0]

const rails: CodeTool = {
  files: {
    'config/database.yml': 'development:\n  adapter: postgresql\n',
    'Gemfile.lock': `GEM\n  specs:\n    rails (${versions.rails})\n    pg (1.4.5)\n`,
  },
  path: number => `db/migrate/2024010100000${number}_a${number}.rb`,
  migration: (code, number, isOutside) =>
    `class A${number} < ActiveRecord::Migration[${short}]\n${isOutside ? '  disable_ddl_transaction!\n\n' : ''}  def up\n${code}\n  end\nend\n`,
  sql: sql => `execute <<~'SQL'\n${sql}\nSQL`,
  apply: project =>
    program(
      'ruby',
      [
        '-e',
        `require "logger"; require "active_record"; require "pg"
ActiveRecord::Base.establish_connection(ENV.fetch("DATABASE_URL"))
ActiveRecord::Migration.verbose = false
ActiveRecord::MigrationContext.new("db/migrate", ActiveRecord::SchemaMigration).migrate`,
      ],
      project,
    ),
}

const runLaravel = `error_reporting(E_ERROR | E_PARSE);
require '${laravel}';
$app = new Illuminate\\Container\\Container();
Illuminate\\Container\\Container::setInstance($app);
$manager = new Illuminate\\Database\\Capsule\\Manager($app);
$url = parse_url(getenv('DATABASE_URL'));
$manager->addConnection(['driver' => 'pgsql', 'host' => $url['host'], 'port' => $url['port'], 'database' => 'shop', 'username' => 'postgres', 'password' => 'none', 'charset' => 'utf8', 'prefix' => '', 'schema' => 'public']);
$manager->setAsGlobal();
$app->instance('db', $manager->getDatabaseManager());
Illuminate\\Support\\Facades\\Facade::setFacadeApplication($app);
$table = new Illuminate\\Database\\Migrations\\DatabaseMigrationRepository($manager->getDatabaseManager(), 'migrations');
if (!$table->repositoryExists()) $table->createRepository();
(new Illuminate\\Database\\Migrations\\Migrator($table, $manager->getDatabaseManager(), new Illuminate\\Filesystem\\Filesystem()))->run(['database/migrations']);`

const illuminate: CodeTool = {
  files: {
    artisan: '',
    'composer.json': `{"require":{"laravel/framework":"${versions.laravel}"}}`,
    'config/database.php':
      "<?php\nreturn ['default' => 'pgsql', 'connections' => ['pgsql' => ['driver' => 'pgsql', 'prefix' => '']]];\n",
  },
  path: number => `database/migrations/2024_01_01_00000${number}_a${number}.php`,
  migration: (code, _, isOutside) => `<?php

use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\DB;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
${isOutside ? '    public $withinTransaction = false;\n\n' : ''}    public function up()
    {
${code}
    }
};
`,
  sql: sql => `DB::unprepared(<<<'SQL'\n${sql}\nSQL);`,
  apply: project => program('php', ['-r', runLaravel], project),
}

export const debianTools: Readonly<Record<string, CodeTool>> = {
  ...(versions.rails && { rails }),
  ...(versions.laravel && { laravel: illuminate }),
}
