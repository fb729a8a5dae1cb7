<?php
use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;
return new class extends Migration {
  public function up(): void {
    Schema::create('c', function (Blueprint $table) {
      $table->geometry('g1', 'point', 4326); $table->geography('g2', subtype: 'POINT', srid: 0); $table->float('f1', 24); $table->vector('v', 3); $table->vector('w', dimensions: 5);
      $table->rawColumn('r', 'integer[]'); $table->date('dt')->useCurrent(); $table->year('y')->useCurrent(); $table->timestamp('p', null); $table->datetimes();
      $table->index('a')->online(); $table->unique('b')->online(); $table->unique('c')->nullsNotDistinct(); $table->unique('d')->nullsNotDistinct(false); $table->unique(['e'], 'en', 'btree');
      $table->string('q')->default("it's");
    });
    Schema::table('c', function (Blueprint $table) { $table->id()->from(5); $table->string('z')->using('z::text')->change(); $table->primary('z'); $table->increments('zz'); });
    Schema::withoutForeignKeyConstraints(function () { Schema::drop('z'); });
  }
};
