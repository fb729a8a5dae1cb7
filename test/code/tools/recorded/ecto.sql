CREATE TABLE "users" ("id" bigserial, "name" varchar(255), "s50" varchar(50) NOT NULL, "t" text DEFAULT 'x', "i" integer DEFAULT 0 NOT NULL, "bi" bigint, "si" smallint, "f" float, "d" decimal, "d2" decimal(10,2), "b" boolean DEFAULT false NOT NULL, "dt" date, "nd" timestamp(0), "ndu" timestamp, "ud" timestamp(0), "udu" timestamp, "tm" time(0), "tz" timestamptz, "bin" bytea, "m" jsonb DEFAULT '{}', "mm" jsonb, "arr" varchar(255)[] DEFAULT ARRAY[]::varchar[], "bid" uuid, "u" uuid DEFAULT gen_random_uuid(), "inet" inet, "e" varchar(10), "dur" interval, "g" integer GENERATED ALWAYS AS (i * 2) STORED, "cm" varchar(255) COLLATE "C", "inserted_at" timestamp(0) NOT NULL, "updated_at" timestamp(0) NOT NULL, PRIMARY KEY ("id"))
COMMENT ON COLUMN "users"."cm" IS 'it''s'
CREATE TABLE "posts" ("id" uuid, "user_id" bigint NOT NULL, CONSTRAINT "posts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id"), "u2" bigint, CONSTRAINT "posts_u2_fkey" FOREIGN KEY ("u2") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE, "u3" bigint, CONSTRAINT "fkx" FOREIGN KEY ("u3") REFERENCES "users"("id") ON DELETE SET NULL NOT VALID, "u4" bigint, CONSTRAINT "posts_u4_fkey" FOREIGN KEY ("u4") REFERENCES "users"("id") ON DELETE RESTRICT, "x" integer, "inserted_at" timestamp NOT NULL, "updated_at" timestamp NOT NULL, PRIMARY KEY ("id"))
CREATE TABLE "t1" ("pid" uuid, PRIMARY KEY ("pid")) WITH (fillfactor=70)
COMMENT ON TABLE "t1" IS 'tc'
CREATE TABLE "t2" ("id" serial, "made" timestamp(0) DEFAULT now() NULL, PRIMARY KEY ("id"))
create schema s
CREATE TABLE "s"."t3" ("id" bigserial, "a" bigint, CONSTRAINT "t3_a_fkey" FOREIGN KEY ("a") REFERENCES "s"."t3"("id"), PRIMARY KEY ("id"))
CREATE UNLOGGED TABLE "t4" ("id" bigserial, PRIMARY KEY ("id"))
ALTER TABLE "posts" ADD COLUMN "a" varchar(255), ADD COLUMN "b" integer DEFAULT 5 NOT NULL, ADD COLUMN "c" bigint, ADD CONSTRAINT "posts_c_fkey" FOREIGN KEY ("c") REFERENCES "users"("id"), ADD COLUMN IF NOT EXISTS "d" varchar(255), DROP COLUMN "x"
ALTER TABLE "posts" ALTER COLUMN "a" TYPE varchar(255), ALTER COLUMN "a" SET NOT NULL, ALTER COLUMN "a" SET DEFAULT 'q', ALTER COLUMN "b" TYPE bigint, DROP CONSTRAINT "posts_u2_fkey", ALTER COLUMN "u2" TYPE bigint, ADD CONSTRAINT "posts_u2_fkey" FOREIGN KEY ("u2") REFERENCES "users"("id"), DROP COLUMN "c", DROP COLUMN IF EXISTS "d", DROP COLUMN IF EXISTS "zzz", DROP CONSTRAINT "fkx", DROP COLUMN "u3"
CREATE INDEX "posts_a_index" ON "posts" ("a")
CREATE UNIQUE INDEX "posts_a_b_index" ON "posts" ("a", "b")
CREATE INDEX "posts_lower_a_index" ON "posts" (lower(a))
CREATE INDEX "ixn" ON "posts" USING btree ("a", b DESC NULLS LAST) INCLUDE ("user_id") WHERE b > 1
COMMENT ON INDEX "ixn" IS 'c'
CREATE INDEX IF NOT EXISTS "posts_b_index" ON "posts" ("b")
CREATE UNIQUE INDEX "nn" ON "posts" ("a") NULLS NOT DISTINCT
CREATE INDEX "posts_user_id_index" ON "public"."posts" ("user_id")
DROP INDEX "posts_b_index"
DROP INDEX IF EXISTS "posts_b_index"
DROP INDEX "nn" CASCADE
ALTER INDEX "posts_a_index" RENAME TO "newix"
CREATE INDEX "opts1" ON "posts" ("a") WITH (fillfactor=70)
CREATE INDEX "dsc" ON "posts" ("a" DESC)
CREATE INDEX CONCURRENTLY "posts_a_user_id_index" ON "posts" ("a", "user_id")
DROP INDEX CONCURRENTLY "posts_a_user_id_index"
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "q" ON "posts" ("a", "user_id")
ALTER TABLE "posts" ADD CONSTRAINT "ck" CHECK (b > 0)
ALTER TABLE "posts" ADD CONSTRAINT "ck2" CHECK (b > 1) NOT VALID
COMMENT ON CONSTRAINT "ck2" ON "posts" IS 'z'
ALTER TABLE "users" ADD CONSTRAINT "ex" EXCLUDE USING gist (int4range(i, i+1) WITH &&)
ALTER TABLE "posts" DROP CONSTRAINT "ck"
ALTER TABLE "posts" DROP CONSTRAINT IF EXISTS "ck9"
ALTER TABLE "posts" DROP CONSTRAINT "ck2" CASCADE
ALTER TABLE "posts" RENAME "a" TO "aa"
ALTER TABLE "posts" RENAME TO "articles"
DROP TABLE "articles"
DROP TABLE IF EXISTS "t2" CASCADE
select 1
select 2
CREATE TABLE "o1" ("id" bigserial, PRIMARY KEY ("id"))
ALTER TABLE "o1" ADD COLUMN "a" text
CREATE TABLE "a_very_long_table_name_for_testing_purposes" ("id" bigserial, "quite_long_column_name_one" varchar(255), "r" bigint, CONSTRAINT "a_very_long_table_name_for_testing_purposes_r_fkey" FOREIGN KEY ("r") REFERENCES "users"("id"), PRIMARY KEY ("id"))
CREATE INDEX "a_very_long_table_name_for_testing_purposes_quite_long_column_name_one_r_index" ON "a_very_long_table_name_for_testing_purposes" ("quite_long_column_name_one", "r")
