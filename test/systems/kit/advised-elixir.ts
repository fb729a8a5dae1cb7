import { spawnSync } from 'node:child_process'
import { indented } from '../../code/kit/indented.ts'
import { type CodeTool, program } from './advised.ts'

// Hex's packages are not in the registries of this project: Ecto is run where ERL_LIBS, which Elixir reads, names its compiled packages.

const start =
  '{:ok, _} = Application.ensure_all_started(:ecto_sql); {:ok, _} = Application.ensure_all_started(:postgrex)'
const found = spawnSync('elixir', ['-e', `${start}; IO.write(Application.spec(:ecto_sql, :vsn))`], { encoding: 'utf8' })

/** Why Ecto is not run; null: it is. */
export const withoutEcto: string | null =
  found.status === 0
    ? null
    : 'Ecto is not run: there is no elixir that finds ecto_sql and postgrex, for which ERL_LIBS would name their folder.'

const migrate = `${start}
defmodule Shop.Repo do
  use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres
end
Logger.configure(level: :error)
{:ok, _} = Shop.Repo.start_link(url: String.replace(System.fetch_env!("DATABASE_URL"), ~r/\\?.*/, ""), pool_size: 3)
Ecto.Migrator.run(Shop.Repo, "priv/repo/migrations", :up, all: true)`

const ecto: CodeTool = {
  files: {
    'config/config.exs': 'import Config\nconfig :shop, ecto_repos: [Shop.Repo]\n',
    'mix.exs': `defmodule Shop.MixProject do
  use Mix.Project

  defp deps do
    [{:ecto_sql, "~> ${found.stdout}"}, {:postgrex, ">= 0.0.0"}]
  end
end
`,
  },
  path: number => `priv/repo/migrations/2024010100000${number}_a${number}.exs`,
  migration: (code, number, isOutside) =>
    `defmodule Shop.A${number} do\n  use Ecto.Migration\n${isOutside ? '  @disable_ddl_transaction true\n  @disable_migration_lock true\n' : ''}\n  def up do\n${indented(code)}\n  end\n\n  def down, do: :ok\nend\n`,
  sql: sql => `execute("""\n${sql}\n""")`,
  apply: project => program('elixir', ['-e', migrate], project),
}

export const elixirTools: Readonly<Record<string, CodeTool>> = withoutEcto === null ? { ecto } : {}
