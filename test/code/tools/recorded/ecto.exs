defmodule Repo.Migrations.Recorded do
  use Ecto.Migration

  def change do
    # create table
    create table(:users) do
      add :name, :string
      add :s50, :string, size: 50, null: false
      add :t, :text, default: "x"
      add :i, :integer, default: 0, null: false
      add :bi, :bigint
      add :si, :smallint
      add :f, :float
      add :d, :decimal
      add :d2, :decimal, precision: 10, scale: 2
      add :b, :boolean, default: false, null: false
      add :dt, :date
      add :nd, :naive_datetime
      add :ndu, :naive_datetime_usec
      add :ud, :utc_datetime
      add :udu, :utc_datetime_usec
      add :tm, :time
      add :tz, :timestamptz
      add :bin, :binary
      add :m, :map, default: %{}
      add :mm, {:map, :string}
      add :arr, {:array, :string}, default: []
      add :bid, :binary_id
      add :u, :uuid, default: fragment("gen_random_uuid()")
      add :inet, :inet
      add :e, :"varchar(10)"
      add :dur, :duration
      add :g, :integer, generated: "ALWAYS AS (i * 2) STORED"
      add :cm, :string, comment: "it's", collation: "C"
      timestamps()
    end
    # create table refs
    create table(:posts, primary_key: false) do
      add :id, :binary_id, primary_key: true
      add :user_id, references(:users), null: false
      add :u2, references(:users, on_delete: :delete_all, on_update: :update_all)
      add :u3, references(:users, on_delete: :nilify_all, name: :fkx, column: :id, type: :bigint, validate: false)
      add :u4, references(:users, on_delete: :restrict)
      add :x, :integer
      timestamps(type: :utc_datetime_usec)
    end
    # table options
    create table(:t1, comment: "tc", options: "WITH (fillfactor=70)", primary_key: [name: :pid, type: :uuid])
    create table(:t2, primary_key: [type: :serial]) do
      timestamps(updated_at: false, inserted_at: :made, null: true, default: fragment("now()"))
    end
    execute "create schema s"
    create table(:t3, prefix: "s") do
      add :a, references(:t3, prefix: "s")
    end
    create table("t4", modifiers: "UNLOGGED")
    # alter
    alter table(:posts) do
      add :a, :string
      add :b, :integer, default: 5, null: false
      add :c, references(:users, on_delete: :nothing)
      add_if_not_exists :d, :string
      remove :x
    end
    # modify
    alter table(:posts) do
      modify :a, :string, null: false, default: "q", from: {:text, null: true}
      modify :b, :bigint
      modify :u2, references(:users, on_delete: :nothing), from: references(:users, on_delete: :delete_all)
      remove :c, :string
      remove_if_exists :d
      remove_if_exists :zzz, :string
      remove :u3, references(:users, name: :fkx)
    end
    # indexes
    create index(:posts, [:a])
    create unique_index(:posts, [:a, :b])
    create index(:posts, ["lower(a)"])
    create index(:posts, [:a, "b DESC NULLS LAST"], name: :ixn, where: "b > 1", using: :btree, include: [:user_id], comment: "c")
    create_if_not_exists index(:posts, [:b])
    create index(:posts, [:a], unique: true, name: "nn", nulls_distinct: false)
    create index("posts", [:user_id], prefix: "public")
    drop index(:posts, [:b])
    drop_if_exists index(:posts, [:b])
    drop index(:posts, [:a], name: :nn), mode: :cascade
    rename index(:posts, [:a]), to: "newix"
    create index(:posts, [:a], name: "opts1", options: "fillfactor=70")
    create index(:posts, [desc: :a], name: "dsc")
    # concurrent
    create index(:posts, [:a, :user_id], concurrently: true)
    drop index(:posts, [:a, :user_id], concurrently: true)
    create_if_not_exists unique_index(:posts, [:a, :user_id], concurrently: true, name: :q)
    # constraints
    create constraint(:posts, :ck, check: "b > 0")
    create constraint(:posts, :ck2, check: "b > 1", validate: false, comment: "z")
    create constraint(:users, :ex, exclude: ~s|gist (int4range(i, i+1) WITH &&)|)
    drop constraint(:posts, :ck)
    drop_if_exists constraint(:posts, :ck9)
    drop constraint(:posts, :ck2), mode: :cascade
    # rename etc
    rename table(:posts), :a, to: :aa
    rename table(:posts), to: table(:articles)
    drop table(:articles)
    drop_if_exists table(:t2), mode: :cascade
    execute "select 1"
    execute "select 2", "select 3"
    # ordering create+alter same
    create table(:o1)
    alter table(:o1) do
      add :a, :text
    end
    # long name
    create table(:a_very_long_table_name_for_testing_purposes) do
      add :quite_long_column_name_one, :string
      add :r, references(:users)
    end
    create index(:a_very_long_table_name_for_testing_purposes, [:quite_long_column_name_one, :r])
  end
end
