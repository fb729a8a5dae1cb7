select '### constraints';
ALTER TABLE "posts"
      ADD CONSTRAINT "c_uq" UNIQUE ("z");
ALTER TABLE "posts"
      ADD CONSTRAINT "c_ck" CHECK (y > 0);
ALTER TABLE "posts"
      ADD CONSTRAINT "c_fk" FOREIGN KEY ("a") REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE "posts"
      ADD CONSTRAINT "posts_uniq_bb" UNIQUE ("bb");
ALTER TABLE "posts"
      ADD CONSTRAINT "c_raw" CHECK (y <> 5) NOT VALID;
ALTER TABLE "posts"
      ADD CONSTRAINT "c_def" UNIQUE ("u3") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "posts" DROP CONSTRAINT "c_ck";
ALTER TABLE "posts" DROP CONSTRAINT IF EXISTS "nope" CASCADE;
ALTER TABLE "posts" RENAME CONSTRAINT "c_uq" TO "c_uq2";

select '### renames';
ALTER TABLE "posts" RENAME "x" TO "xx";
ALTER TABLE "cpk" RENAME TO "cpk2";
DROP INDEX IF EXISTS "posts_x_index";
DROP INDEX IF EXISTS "posts_x_y_index" CASCADE;
DROP INDEX "ixx";

select '### drops';
ALTER TABLE "posts"
      DROP "z";
ALTER TABLE "posts"
      DROP IF EXISTS "y",
      DROP IF EXISTS "w";
DROP TABLE IF EXISTS "cpk2" CASCADE;

select '### types etc';
CREATE TYPE "mood" AS ENUM ($pga$a$pga$, $pga$b$pga$);
ALTER TYPE "mood" ADD VALUE $pga$c$pga$ AFTER $pga$a$pga$;
ALTER TYPE "mood" ADD VALUE IF NOT EXISTS $pga$d$pga$;
ALTER TYPE "mood" RENAME VALUE $pga$b$pga$ TO $pga$bb$pga$;
CREATE TYPE "comp" AS (
    "x" integer
    );
DROP TYPE "comp";
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE SCHEMA IF NOT EXISTS "s1";
CREATE SEQUENCE "sq"
      ;
CREATE FUNCTION "fn1"()
      RETURNS trigger
      AS $pga$begin return new; end$pga$
      VOLATILE
      LANGUAGE plpgsql;
CREATE TRIGGER "trg"
      BEFORE UPDATE ON "posts"
      FOR EACH ROW
      EXECUTE PROCEDURE "fn1"();
CREATE VIEW "v1" AS select 1 as x;
CREATE MATERIALIZED VIEW "mv1" AS select 1 as x;
ALTER TABLE "posts"
        ENABLE ROW LEVEL SECURITY;
CREATE POLICY "pol" ON "posts" FOR ALL TO PUBLIC USING (true);
select 1; select 2;
select '"5"';
GRANT SELECT ON "posts" TO "postgres";
