-- createTable
DO 'BEGIN CREATE TYPE "public"."enum_users_en" AS ENUM(''a'', ''b''); EXCEPTION WHEN duplicate_object THEN null; END';
DO 'BEGIN CREATE TYPE "public"."enum_users_en2" AS ENUM(''x'', ''y''); EXCEPTION WHEN duplicate_object THEN null; END';
CREATE TABLE IF NOT EXISTS "users" ("id"   SERIAL , "uid" UUID NOT NULL, "s" VARCHAR(255) NOT NULL, "s50" VARCHAR(50) UNIQUE, "t" TEXT, "ci" CITEXT, "b" BOOLEAN NOT NULL DEFAULT false, "i" INTEGER, "bi" BIGINT, "si" SMALLINT, "f" FLOAT, "dbl" DOUBLE PRECISION, "dec" DECIMAL, "dec2" DECIMAL(10,2), "dt" TIMESTAMP WITH TIME ZONE, "dt3" TIMESTAMP WITH TIME ZONE, "donly" DATE, "tm" TIME, "j" JSON, "jb" JSONB DEFAULT '{}', "arr" VARCHAR(255)[], "blob" BYTEA, "en" "public"."enum_users_en" DEFAULT 'a', "en2" "public"."enum_users_en2", "now" TIMESTAMP WITH TIME ZONE DEFAULT now(), "lit" TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP, "dnow" TIMESTAMP WITH TIME ZONE, "inet" INET, "createdAt" TIMESTAMP WITH TIME ZONE NOT NULL, "updatedAt" TIMESTAMP WITH TIME ZONE NOT NULL, "cm" VARCHAR(255) , PRIMARY KEY ("id")); COMMENT ON COLUMN "users"."cm" IS 'it''s';
-- createTable fk unique
CREATE TABLE IF NOT EXISTS "posts" ("id" UUID DEFAULT gen_random_uuid() , "userId" INTEGER REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE, "u2" INTEGER REFERENCES "users" ("id"), "a" INTEGER, "b" INTEGER, "c" INTEGER, "s" VARCHAR(255), "big"  BIGSERIAL, UNIQUE ("a", "b"), PRIMARY KEY ("id")); COMMENT ON TABLE "posts" IS 'tc';
-- createTable schema
CREATE SCHEMA IF NOT EXISTS "sch";
CREATE TABLE IF NOT EXISTS "sch"."x" ("id"  BIGSERIAL , PRIMARY KEY ("id"));
-- addColumn
ALTER TABLE "public"."posts" ADD COLUMN "c1" VARCHAR(255);
ALTER TABLE "public"."posts" ADD COLUMN "c2" VARCHAR(255);
ALTER TABLE "public"."posts" ADD COLUMN "c3" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "public"."posts" ADD COLUMN "c4" INTEGER DEFAULT NULL;
ALTER TABLE "public"."posts" ADD COLUMN "c5" INTEGER REFERENCES "users" ("id") ON DELETE SET NULL;
DO 'BEGIN CREATE TYPE "public"."enum_posts_c6" AS ENUM(''q'', ''r''); EXCEPTION WHEN duplicate_object THEN null; END';ALTER TABLE "public"."posts" ADD COLUMN "c6" "public"."enum_posts_c6" NOT NULL DEFAULT 'q';
ALTER TABLE "public"."posts" ADD COLUMN "c7" VARCHAR(255) UNIQUE;
ALTER TABLE "public"."posts" ADD COLUMN "c8" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "public"."posts" ADD COLUMN "c9" VARCHAR(255)[] DEFAULT ARRAY[]::VARCHAR(255)[];
ALTER TABLE "public"."posts" ADD COLUMN "c10" TIMESTAMP WITH TIME ZONE DEFAULT now(); COMMENT ON COLUMN "posts"."c10" IS 'hi';
ALTER TABLE "public"."posts" ADD COLUMN "c11" VIRTUAL;
ALTER TABLE "sch"."x" ADD COLUMN "y" TEXT;
ALTER TABLE "public"."posts" ADD COLUMN "c12" TEXT;
ALTER TABLE "public"."posts" ADD COLUMN "c13" INTEGER ;
-- addColumn ifNotExists
ALTER TABLE "public"."posts" ADD COLUMN "c1" VARCHAR(255);
-- changeColumn
ALTER TABLE "posts" ALTER COLUMN "c1" DROP NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c1" DROP DEFAULT;ALTER TABLE "posts" ALTER COLUMN "c1" TYPE TEXT;
ALTER TABLE "posts" ALTER COLUMN "c1" SET NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c1" DROP DEFAULT;ALTER TABLE "posts" ALTER COLUMN "c1" TYPE VARCHAR(255);
ALTER TABLE "posts" ALTER COLUMN "c1" DROP NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c1" SET DEFAULT 'x';ALTER TABLE "posts" ALTER COLUMN "c1" TYPE VARCHAR(255);
ALTER TABLE "posts" ALTER COLUMN "c1" DROP NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c1" DROP DEFAULT;ALTER TABLE "posts"  ADD UNIQUE ("c1");ALTER TABLE "posts" ALTER COLUMN "c1" TYPE VARCHAR(10) ;
ALTER TABLE "posts"  ADD FOREIGN KEY ("c4") REFERENCES "users" ("id") ON DELETE CASCADE;
ALTER TABLE "posts" ALTER COLUMN "c3" SET NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c3" SET DEFAULT false;ALTER TABLE "posts" ALTER COLUMN "c3" TYPE BOOLEAN;
ALTER TABLE "posts" ALTER COLUMN "c6" DROP NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c6" DROP DEFAULT;DO 'BEGIN CREATE TYPE "public"."enum_posts_c6" AS ENUM(''q'', ''r'', ''z''); EXCEPTION WHEN duplicate_object THEN null; END';ALTER TABLE "posts" ALTER COLUMN "c6" TYPE "public"."enum_posts_c6" USING ("c6"::"public"."enum_posts_c6");
ALTER TABLE "posts" ALTER COLUMN "c2" DROP NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c2" DROP DEFAULT;DO 'BEGIN CREATE TYPE "public"."enum_posts_c2" AS ENUM(''m'', ''n''); EXCEPTION WHEN duplicate_object THEN null; END';ALTER TABLE "posts" ALTER COLUMN "c2" TYPE "public"."enum_posts_c2" USING ("c2"::"public"."enum_posts_c2");
ALTER TABLE "posts" ALTER COLUMN "c2" DROP NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c2" DROP DEFAULT;ALTER TABLE "posts" ALTER COLUMN "c2" TYPE VARCHAR(255); COMMENT ON COLUMN "posts"."c2" IS 'cc';
ALTER TABLE "posts" ALTER COLUMN "c4" DROP NOT NULL;ALTER TABLE "posts" ALTER COLUMN "c4" DROP DEFAULT;ALTER TABLE "posts" ALTER COLUMN "c4" TYPE BIGINT;
-- addIndex
CREATE INDEX "posts_s" ON "posts" ("s")
CREATE UNIQUE INDEX "myix" ON "posts" ("s", "a")
CREATE INDEX CONCURRENTLY "posts_a" ON "posts" ("a")
CREATE INDEX "part" ON "posts" ("a") WHERE "a" > 1
CREATE INDEX "fx" ON "posts" USING btree ("a" DESC, lower("s"))
CREATE INDEX "gg" ON "posts" USING gin ("c8" jsonb_path_ops)
CREATE UNIQUE INDEX "posts_user_id_created_at" ON "posts" ("userId", "createdAt")
CREATE UNIQUE INDEX "posts_b" ON "posts" ("b")
CREATE INDEX "wn" ON "posts" ("c") WHERE "c" IS NULL
-- removeIndex
DROP INDEX IF EXISTS "myix"
DROP INDEX IF EXISTS "posts_s"
DROP INDEX CONCURRENTLY IF EXISTS "part"
-- addConstraint
ALTER TABLE "posts" ADD CONSTRAINT "uqa" UNIQUE ("a");
ALTER TABLE "posts" ADD CONSTRAINT "posts_b_uk" UNIQUE ("b");
ALTER TABLE "posts" ADD CONSTRAINT "cka" CHECK ("a" > 0);
ALTER TABLE "posts" ADD CONSTRAINT "fku" FOREIGN KEY ("u2") REFERENCES "users" ("id") ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE "users" ADD CONSTRAINT "pk" PRIMARY KEY ("s");
ALTER TABLE "posts" DROP CONSTRAINT "uqa"
-- removeColumn/rename
ALTER TABLE "public"."posts" DROP COLUMN "c1";
ALTER TABLE "posts" RENAME COLUMN "c2" TO "c22";
ALTER TABLE "posts" RENAME TO "articles";
DROP TABLE IF EXISTS "articles";
DROP TABLE IF EXISTS "users" CASCADE;
-- transaction
CREATE TABLE IF NOT EXISTS "tt" ("id" INTEGER , PRIMARY KEY ("id"));
ALTER TABLE "public"."tt" ADD COLUMN "x" INTEGER;
CREATE INDEX "tt_x" ON "tt" ("x")
-- bulkInsert etc
INSERT INTO "tt" ("id","x") VALUES (1,2);
UPDATE "tt" SET "x"=$1 WHERE "id" = $2
DELETE FROM "tt" WHERE "id" = 1
select 1; select 2
select 5
