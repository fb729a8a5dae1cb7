CREATE INDEX CONCURRENTLY "posts_xx_index" ON "posts" ("xx");
DROP INDEX CONCURRENTLY "posts_xx_index";
ALTER TYPE "mood" ADD VALUE $pga$z$pga$;
