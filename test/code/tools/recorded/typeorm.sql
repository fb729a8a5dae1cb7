-- createTable
CREATE TYPE "public"."users_e_enum" AS ENUM('a', 'b')
CREATE TABLE "users" ("id" SERIAL NOT NULL, "u" uuid NOT NULL DEFAULT uuid_generate_v4(), "s" varchar(50) NOT NULL, "v" varchar NOT NULL, "t" timestamp NOT NULL DEFAULT now(), "tz" timestamptz, "b" boolean NOT NULL DEFAULT false, "e" "public"."users_e_enum" NOT NULL DEFAULT 'a', "n" decimal(10,2) NOT NULL, "arr" text array NOT NULL, "cm" text NOT NULL, CONSTRAINT "UQ_3079e8c4b793770551af02a10af" UNIQUE ("s", "v"), CONSTRAINT "UQ_89066bfd88ce69755fe8ffa4a9b" UNIQUE ("v"), CONSTRAINT "CHK_a8867f763620ee783ce0387e9e" CHECK (n > 0), CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id")); COMMENT ON COLUMN "users"."cm" IS 'it''s'
CREATE INDEX "IDX_5a81b5e123856ccba726918b4a" ON "users"  ("s")
-- createTable fk
CREATE TABLE "posts" ("id" BIGSERIAL NOT NULL, "userId" int NOT NULL, "x" int NOT NULL, CONSTRAINT "FK_ae05faaa55c866130abef6e1fee" FOREIGN KEY ("userId") REFERENCES "users" ("id") ON DELETE CASCADE, CONSTRAINT "PK_2829ac61eff60fcec60d7274b9e" PRIMARY KEY ("id"))
-- addColumn
ALTER TABLE "posts" ADD "a" varchar
ALTER TABLE "posts" ADD "b" int NOT NULL DEFAULT 5
ALTER TABLE "posts" ADD "c" varchar
ALTER TABLE "posts" ADD CONSTRAINT "UQ_367a0ea232ac84ad23384c67a69" UNIQUE ("c")
ALTER TABLE "posts" ADD "d" int
CREATE TYPE "public"."posts_e_enum" AS ENUM('q')
ALTER TABLE "posts" ADD "e" "public"."posts_e_enum"
-- createIndex etc
CREATE INDEX "ix" ON "posts"  ("a")
CREATE UNIQUE INDEX "IDX_806b62bf390cdf473237d24815" ON "posts"  ("a", "b") WHERE a is not null
CREATE INDEX CONCURRENTLY "IDX_ad75c9067f256852b31a46dc84" ON "posts"  ("b")
ALTER TABLE "posts" ADD CONSTRAINT "fkx" FOREIGN KEY ("x") REFERENCES "users"("id") ON DELETE SET NULL
ALTER TABLE "posts" ADD CONSTRAINT "FK_ac322b2ad077d4237ed5b92f119" FOREIGN KEY ("d") REFERENCES "users"("id")
ALTER TABLE "posts" ADD CONSTRAINT "UQ_ad75c9067f256852b31a46dc842" UNIQUE ("b")
ALTER TABLE "posts" ADD CONSTRAINT "ck" CHECK (b > 0)
DROP INDEX "public"."ix"
ALTER TABLE "posts" DROP CONSTRAINT "fkx"
ALTER TABLE "users" ADD CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id")
