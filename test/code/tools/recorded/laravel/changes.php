<?php
use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;
return new class extends Migration {
  public function up(): void {
    Schema::table('a', function (Blueprint $table) {
      $table->string('n1')->nullable()->change();
      $table->integer('added');
      $table->text('n2')->default('x')->comment('c')->collation('C')->change();
      $table->decimal('n3', 10, 4)->nullable(false)->default(DB::raw('0'))->change();
      $table->timestamp('n4')->useCurrent()->change();
      $table->string('n5')->unique()->change();
      $table->string('n6')->index(false)->change();
      $table->bigInteger('n7')->generatedAs()->always()->change();
      $table->enum('n8', ['a'])->change();
      $table->bigIncrements('n9')->change();
      $table->string('n10')->storedAs(null)->change();
      $table->renameColumn('f', 'g'); $table->renameColumn('f.f', 'g2');
    });
    Schema::table('b', function (Blueprint $table) { $table->comment('a b'); });
    Schema::create('c', function (Blueprint $table) {
      $table->ulid(); $table->ulid('x', 10); $table->foreignUlid('owner_id')->constrained(); $table->ulidMorphs('m'); $table->nullableUlidMorphs('n');
      $table->geometry('g1'); $table->float('f1'); $table->double('f2'); $table->binary('f3');
      $table->string('v')->virtualAs('1 + 1');
      $table->comment("it's");
    });
  }
};
