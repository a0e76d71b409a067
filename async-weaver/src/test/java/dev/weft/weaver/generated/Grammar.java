package dev.weft.weaver.generated;

import static dev.weft.weaver.generated.Feature.ARRAYS;
import static dev.weft.weaver.generated.Feature.CLASSES;
import static dev.weft.weaver.generated.Feature.CONSTRUCTION;
import static dev.weft.weaver.generated.Feature.FAILURES;
import static dev.weft.weaver.generated.Feature.FLOATING_POINT;
import static dev.weft.weaver.generated.Feature.GENERATORS;
import static dev.weft.weaver.generated.Feature.LAMBDAS;
import static dev.weft.weaver.generated.Feature.LONG_SWITCHES;
import static dev.weft.weaver.generated.Feature.LOOPS;
import static dev.weft.weaver.generated.Feature.MERGED_TYPES;
import static dev.weft.weaver.generated.Feature.MONITORS;
import static dev.weft.weaver.generated.Feature.PATTERNS;
import static dev.weft.weaver.generated.Feature.SMALL_PRIMITIVES;
import static dev.weft.weaver.generated.Feature.STRINGS;
import static dev.weft.weaver.generated.Feature.SWITCHES;
import static dev.weft.weaver.generated.Feature.TRIES;
import static dev.weft.weaver.generated.Feature.WIDE_LOCALS;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of which the programs are made. Each expression is in parentheses where it needs them,
 * and has exactly the static type that it is listed under, so that it fits into any hole.
 */
final class Grammar {
  private final Dice dice;
  private final Map<JavaType, List<Template>> literals = new EnumMap<>(JavaType.class);
  private final Map<JavaType, List<Template>> expressions = new EnumMap<>(JavaType.class);
  private final List<Template> statements = new ArrayList<>();

  /** The rules for one program: those of its features and of its release. */
  Grammar(Dice dice) {
    this.dice = dice;
    for (JavaType type : JavaType.values()) {
      literals.put(type, new ArrayList<>());
      expressions.put(type, new ArrayList<>());
    }
    literals();
    numbers();
    texts();
    references();
    arrays();
    awaitsEverywhere();
    simpleStatements();
    loops();
    branches();
    tries();
    localClasses();
    generators();
    oversized();
  }

  List<Template> literals(JavaType type) {
    return literals.getOrDefault(type, List.of());
  }

  List<Template> expressions(JavaType type) {
    return expressions.getOrDefault(type, List.of());
  }

  List<Template> statements() {
    return statements;
  }

  private void literal(JavaType type, String... sources) {
    for (String source : sources) {
      literals.get(type).add(Template.of(source));
    }
  }

  private void rule(JavaType type, @Nullable Feature feature, String... sources) {
    if (feature == null || dice.has(feature)) {
      for (String source : sources) {
        expressions.get(type).add(Template.of(source));
      }
    }
  }

  private void statement(int weight, @Nullable Feature feature, String... sources) {
    if (feature == null || dice.has(feature)) {
      for (String source : sources) {
        for (int i = 0; i < weight; i++) {
          statements.add(Template.of(source));
        }
      }
    }
  }

  private void literals() {
    for (JavaType type : JavaType.values()) {
      literal(type, type.simplest());
    }
    literal(JavaType.BOOLEAN, "p.flip()", "p.flip()", "false");
    literal(JavaType.BYTE, "((byte) -7)", "((byte) 200)");
    literal(JavaType.SHORT, "((short) -300)");
    literal(JavaType.CHAR, "'\\u20ac'", "((char) 65)");
    literal(JavaType.INT, "0", "3", "(-1)", "70000", "0x7fffffff");
    literal(JavaType.LONG, "0L", "(-5L)", "5000000000L");
    literal(JavaType.FLOAT, "0f", "(-1.5f)", "2f");
    literal(JavaType.DOUBLE, "0.0", "(-2.25)", "1e10");
    literal(JavaType.STRING, "\"\"", "\"abc\"", "\"xy\"", "((String) null)");
    literal(JavaType.OBJECT, "((Object) null)", "((Object) 5)", "((Object) \"obj\")");
    literal(JavaType.INTS, "new int[] {1, 2, 3, 4}");
    literal(JavaType.BYTES, "new byte[] {1, -2, 3, -4}");
    literal(JavaType.LONGS, "new long[] {1, 2, 3, 4}");
    literal(JavaType.DOUBLES, "new double[] {1, .5, -3, 4}");
    literal(JavaType.STRINGS, "new String[] {\"p\", null, \"q\", \"\"}");
    literal(JavaType.GRID, "new int[][] {{1, 2, 3, 4}, {5, 6, 7, 8}, {0, 0, 0, 0}, {9, 9, 9, 9}}");
    literal(JavaType.CELL, "new Cell(2, \"o\")", "((Cell) null)");
    literal(JavaType.SHAPE, "((Shape) new Tag(\"t\", 7L))", "((Shape) null)");
    literal(JavaType.SHAPE, "((Shape) new Pair(new Circle(2), new Tag(null, 1L)))");
    literal(JavaType.COLOR, "Color.GREEN", "Color.BLUE", "Color.BLACK");
    literal(JavaType.NUMBER, "((Number) 7L)", "((Number) 2.5)");
    literal(JavaType.TEXT, "((CharSequence) new StringBuilder(\"b\"))");
    literal(JavaType.LIST, "Vocabulary.list(\"x\", \"y\")");
  }

  private void numbers() {
    rule(
        JavaType.INT,
        null,
        "($int + $int)",
        "($int * 31 - $int)",
        "($int ^ $int)",
        "($int % 7)",
        "($int / (($int & 3) + 1))",
        "($int >>> 3)",
        "(- $int)",
        "($boolean ? $int : $int)",
        "((int) $long)",
        "(@int += $int)",
        "(@int = $int)",
        "(@int++)",
        "(--@int)",
        "Vocabulary.sum($int, $int, $int)",
        "Vocabulary.sum($int)",
        "Vocabulary.mixed($int, $long, $string, $double)",
        "((int) p.<Integer>log($int))",
        "$color.ordinal()");
    rule(JavaType.INT, FAILURES, "($int / $int)");
    rule(
        JavaType.INT,
        STRINGS,
        "p.cut($string).length()",
        "p.cut($string).compareTo(p.cut($string))");
    rule(JavaType.INT, FLOATING_POINT, "((int) $double)", "((int) $float)");
    rule(JavaType.INT, SMALL_PRIMITIVES, "($byte + $short)", "($char & $int)", "($int << $byte)");
    rule(
        JavaType.INT,
        CONSTRUCTION,
        "new Cell($int, $object).n",
        "new Cell($int, $object, $int, $int).n");
    rule(
        JavaType.INT,
        PATTERNS,
        "($object instanceof Integer #i ? #i : $int)",
        "($object instanceof Integer #i && #i > $int ? #i + $int : $int)",
        "(!($object instanceof String #s) ? $int : #s.length() + $int)",
        "($shape instanceof Circle #c ? #c.radius() : $int)");
    rule(JavaType.INT, LAMBDAS, "p.apply(#x -> #x + ~int, $int)");
    rule(
        JavaType.INT,
        SWITCHES,
        "(switch ($int & 3) { case 0 -> $int; case 1 -> {\n%(value) yield 0 + $int;\n} default -> $int; })",
        "(switch ($int) { case -1, 0: yield 0 + $int; case 70000: {\n%(value)\n} default: yield 0 + $int; })",
        "(switch (p.cut($string)) { case \"s\", \"abc\" -> $int; case \"\" -> {\n%(value) yield 0 + $int;\n}"
            + " default -> $int; })",
        "(switch ($color) { case RED -> $int; case GREEN, BLUE -> {\n%(value) yield 0 + $int;\n}"
            + " case BLACK -> $int; })");
    if (dice.release() >= 21) {
      rule(
          JavaType.INT,
          PATTERNS,
          "(switch ($shape) { case null -> $int; case Circle(int #r) when #r > ^int -> #r + $int;"
              + " case Circle #c -> #c.radius(); case Pair(Circle(var #a), Tag(var #b, long #d)) ->"
              + " #a + (int) #d + $int; case Pair #e -> $int; case Tag(String #f, long #g) -> {\n"
              + "%(value; long #g) yield 0 + $int + (int) #g;\n} })",
          "(switch ($object) { case Integer #i when #i > ^int && (^boolean || p.flip()) -> #i; case Integer #j ->"
              + " {\n%(value; Integer #j) yield 0 + #j;\n} case String #s when #s.length() > ^int -> $int;"
              + " case null, default -> $int; })",
          "($shape instanceof Pair(Circle(int #r), var #q) && $int > 0 ? #r + $int : $int)");
    }
    rule(
        JavaType.LONG,
        null,
        "($long + $int)",
        "($long ^ $long)",
        "($long << $int)",
        "($long * $long)",
        "((long) $int)",
        "($boolean ? $long : $long)",
        "(@long += $int)",
        "(@long -= $long)",
        "(@long++)",
        "((long) p.<Long>log($long))");
    rule(JavaType.LONG, FLOATING_POINT, "((long) $double)");
    rule(JavaType.LONG, PATTERNS, "($shape instanceof Tag #t && $boolean ? #t.number() : $long)");
    rule(JavaType.FLOAT, null, "((float) $int)");
    rule(
        JavaType.FLOAT,
        FLOATING_POINT,
        "($float + $int)",
        "($float * $float)",
        "((float) $double)",
        "(@float *= $float)",
        "($boolean ? $float : $float)");
    rule(JavaType.DOUBLE, null, "((double) $int)");
    rule(
        JavaType.DOUBLE,
        FLOATING_POINT,
        "($double + $long)",
        "($double * $double)",
        "((double) $float)",
        "($double / $double)",
        "(@double += $double)",
        "(@double++)",
        "($boolean ? $double : $double)");
    rule(JavaType.BYTE, null, "((byte) $int)");
    rule(
        JavaType.BYTE,
        SMALL_PRIMITIVES,
        "(@byte += $int)",
        "(@byte++)",
        "($boolean ? $byte : $byte)");
    rule(JavaType.SHORT, null, "((short) $int)");
    rule(JavaType.SHORT, SMALL_PRIMITIVES, "(@short = (short) $long)", "(--@short)");
    rule(JavaType.CHAR, null, "((char) ($int & 127 | 64))");
    rule(JavaType.CHAR, SMALL_PRIMITIVES, "($boolean ? $char : $char)", "(@char += 1)");
    rule(
        JavaType.BOOLEAN,
        null,
        "($int < $int)",
        "($long >= $int)",
        "($int == $int)",
        "($boolean && $boolean)",
        "($boolean || $boolean)",
        "($boolean ^ $boolean)",
        "(!$boolean)",
        "($object == null)",
        "($boolean ? $boolean : $boolean)",
        "(@boolean = $boolean)",
        "(@boolean |= $boolean)",
        "((boolean) p.<Boolean>log($boolean))");
    rule(JavaType.BOOLEAN, STRINGS, "p.cut($string).isEmpty()", "$string.equals($string)");
    rule(JavaType.BOOLEAN, FLOATING_POINT, "($double < $double)", "($float != $float)");
    rule(JavaType.BOOLEAN, SMALL_PRIMITIVES, "($char > $byte)");
    rule(
        JavaType.BOOLEAN,
        PATTERNS,
        "($object instanceof String)",
        "($object instanceof String #s && #s.length() > $int)");
  }

  private void texts() {
    rule(
        JavaType.STRING,
        null,
        "p.cut($string + $int)",
        "p.cut(\"\" + $int + $string + $long)",
        "($boolean ? $string : $string)",
        "p.show($object)",
        "(@string = $string)",
        "p.<String>log($string)");
    rule(
        JavaType.STRING,
        STRINGS,
        "p.cut($string + $char + $boolean + ',' + $string)",
        "p.cut($float + $string + $double)",
        "p.cut($int + \"{\" + $object + $string + \"}\")",
        "p.cut($string).concat(p.brief($string))",
        "(@string += p.brief($int))",
        "String.join(p.brief($string), p.brief($string), p.brief($object))",
        "String.format(\"%s-%d\", p.brief($string), $int)",
        "p.show($builder)",
        "p.show($text)");
    rule(
        JavaType.STRING,
        ARRAYS,
        "$strings[$int & 3]",
        "($strings[$int & 3] = $string)",
        "p.show($ints)");
    rule(JavaType.STRING, PATTERNS, "($object instanceof String #s && $boolean ? #s : $string)");
    rule(
        JavaType.STRING,
        SWITCHES,
        "(switch ($int & 1) { case 0 -> $string; default -> {\n%(value) yield p.cut($string);\n} })");
    rule(JavaType.BUILDER, null, "new StringBuilder(p.cut($string))");
    rule(
        JavaType.BUILDER,
        STRINGS,
        "$builder.append(p.brief($string))",
        "$builder.append(p.brief($int)).append($char)",
        "new StringBuilder().append($boolean).append(p.brief($string))");
    rule(JavaType.TEXT, null, "((CharSequence) p.cut($string))");
    rule(
        JavaType.TEXT,
        MERGED_TYPES,
        "((CharSequence) ($boolean ? $string : $builder))",
        "(@text = $string)");
    rule(JavaType.LIST, null, "Vocabulary.list(p.cut($string), p.brief($string))");
    rule(JavaType.LIST, STRINGS, "($boolean ? $list : $list)");
  }

  private void references() {
    rule(
        JavaType.OBJECT,
        null,
        "((Object) $string)",
        "((Object) $int)",
        "((Object) $long)",
        "(@object = $object)");
    rule(JavaType.OBJECT, CONSTRUCTION, "((Object) $cell)");
    rule(JavaType.OBJECT, PATTERNS, "((Object) $shape)", "((Object) $color)");
    rule(
        JavaType.OBJECT,
        MERGED_TYPES,
        "((Object) ($boolean ? $string : $color))",
        "((Object) ($boolean ? $cell : $builder))",
        "((Object) ($boolean ? $ints : $strings))",
        "Vocabulary.<Object>same($boolean ? $string : $list)");
    rule(JavaType.NUMBER, null, "((Number) $int)", "((Number) $long)");
    rule(
        JavaType.NUMBER,
        MERGED_TYPES,
        "($boolean ? (Number) $int : (Number) $double)",
        "(@number = $int)",
        "($object instanceof Number #n ? #n : $number)");
    rule(JavaType.CELL, null, "new Cell($int, $object)");
    rule(
        JavaType.CELL,
        CONSTRUCTION,
        "new Cell($boolean ? $int : $int, new Cell($int, $string))",
        "new Cell($int, $boolean ? $cell : (Object) new Cell($int, $object))",
        "new Cell($int, $object, $int, $int)",
        "($boolean ? $cell : new Cell($int, $cell))");
    rule(JavaType.CELL, CLASSES, "new Cell($int, $object) {}");
    rule(JavaType.SHAPE, null, "((Shape) new Circle($int))");
    rule(
        JavaType.SHAPE,
        PATTERNS,
        "((Shape) new Pair($shape, $shape))",
        "((Shape) new Tag($string, $long))",
        "($boolean ? $shape : new Circle($int))");
    rule(JavaType.COLOR, null, "Color.values()[$int & 3]", "($boolean ? $color : $color)");
  }

  private void arrays() {
    rule(
        JavaType.INT,
        ARRAYS,
        "$ints[$int & 3]",
        "($ints[$int & 3] += $int)",
        "($ints[$int & 3]++)",
        "$grid[$int & 3][$int & 3]",
        "($grid[$int & 3][$int & 3] ^= $int)",
        "((int) ($bytes[$int & 3] += $int))",
        "((int) $bytes[$int & 3]--)",
        "$ints.length");
    rule(JavaType.INT, FAILURES, "$ints[$int]");
    rule(
        JavaType.LONG,
        ARRAYS,
        "$longs[$int & 3]",
        "($longs[$int & 3] *= $int)",
        "(--$longs[$int & 3])");
    rule(JavaType.DOUBLE, ARRAYS, "$doubles[$int & 3]", "($doubles[$int & 3] -= $double)");
    rule(JavaType.INTS, null, "new int[] {$int, $int, $int, $int}");
    rule(
        JavaType.INTS,
        ARRAYS,
        "$grid[$int & 3]",
        "($boolean ? $ints : $ints)",
        "$ints.clone()",
        "(@ints = $ints)");
    rule(JavaType.BYTES, null, "new byte[] {$byte, 1, $byte, 0}");
    rule(JavaType.LONGS, null, "new long[] {$long, $int, 1, $long}");
    rule(JavaType.DOUBLES, null, "new double[] {$double, $int, $long, 0}");
    rule(JavaType.STRINGS, null, "new String[] {$string, $string, null, $string}");
    rule(JavaType.STRINGS, ARRAYS, "($boolean ? $strings : $strings)");
    rule(JavaType.GRID, null, "new int[][] {$ints, $ints, $ints, $ints}");
    rule(JavaType.GRID, ARRAYS, "(new int[4][($int & 3) + 4])");
  }

  /** Bodies of lambdas and classes that await, and awaits of futures that a condition chooses. */
  private void awaitsEverywhere() {
    for (JavaType type : JavaType.VALUES) {
      String boxed = type.boxed();
      String hole = "$" + type.key();
      String cast = type.isPrimitive() ? "(" + type.source() + ") " : "";
      rule(
          type,
          null,
          "("
              + cast
              + "await($boolean ? p.<"
              + boxed
              + ">of("
              + hole
              + ") : p.<"
              + boxed
              + ">task("
              + hole
              + ")))");
      rule(type, LAMBDAS, "(" + cast + "await(p.<" + boxed + ">call(() -> &" + type.key() + ")))");
      rule(
          type,
          CLASSES,
          "("
              + cast
              + "await(new Body<"
              + boxed
              + ">() {\npublic CompletableFuture<"
              + boxed
              + "> start() &"
              + type.key()
              + "\n}.start()))");
      rule(
          type,
          MERGED_TYPES,
          "(%sawait(NAME.<%s>through(p.<%s>of(%s), %s)))"
              .formatted(cast, boxed, boxed, hole, hole));
    }
    rule(
        JavaType.INT,
        null,
        "((int) await($future))",
        "Vocabulary.beside($future, $int)",
        "Vocabulary.between($int, $future, $long)");
    rule(
        JavaType.FUTURE,
        null,
        "p.<Integer>of($int)",
        "($boolean ? $future : $future)",
        "Vocabulary.chosen($future, $int)");
  }

  private void simpleStatements() {
    statement(
        3,
        null,
        "p.log($int);",
        "p.log($string);",
        "p.log($object);",
        "await(p.<Integer>of($int));",
        "await(p.<String>task($string));");
    statement(
        2,
        null,
        "@int = $int;",
        "@int += $int;",
        "@long = $long;",
        "@string = $string;",
        "@string += p.brief($string);",
        "@object = $object;",
        "@boolean = $boolean;",
        "@number = $number;",
        "@text = $text;",
        "@ints = $ints;",
        "@cell = $cell;",
        "@shape = $shape;");
    statement(1, null, "@int++;", "assert $boolean : $string;", "p.log($number);", "p.log($text);");
    statement(
        1, SMALL_PRIMITIVES, "@byte += $int;", "@char++;", "@short -= $int;", "@byte = $byte;");
    statement(1, FLOATING_POINT, "@double *= $double;", "@float = $float;", "p.log($double);");
    statement(
        2,
        ARRAYS,
        "$ints[$int & 3] = $int;",
        "$ints[$int & 3] += $int;",
        "$longs[$int & 3] = $long;",
        "$strings[$int & 3] += p.brief($int);",
        "$grid[$int & 3][$int & 3] -= $int;",
        "$bytes[$int & 3] += $int;",
        "$doubles[$int & 3] = $double;",
        "p.log($ints);");
    statement(1, STRINGS, "$builder.append(p.brief($string));", "$list.add(p.cut($string));");
    statement(1, CONSTRUCTION, "new Cell($int, $object);", "p.log($cell);", "$cell.n += $int;");
    statement(
        2,
        FAILURES,
        "p.throwIf($boolean, $int, \"thrown\");",
        "if ($boolean) {\nthrow new Narrower(p.cut($string));\n}");
    statement(
        2,
        FAILURES,
        "if ($boolean) {\nawait(p.<Integer>fail($int, \"failed\"));\n}",
        "await($boolean ? p.<String>fail($int, \"chosen\") : p.<String>of($string));",
        "try {\n@int = await($boolean ? p.<Integer>of($int) : p.<Integer>fail($int, \"named\"),"
            + " java.io.IOException.class);\n} catch (java.io.IOException #e) {\np.caught(#e);\n}");
  }

  private void loops() {
    statement(
        3,
        LOOPS,
        "[[#l:]] for (int #i = 0; #i < 3 && p.more(); #i++) {\n%(loop; int! #i)\n}",
        "for (String #s : $strings) {\n%(loop; string #s)\n}",
        "#l: for (int #i = 2; #i >= 0 && p.more(); #i--) {\n%(loop #l; int! #i)\n}");
    statement(
        1,
        LOOPS,
        "for (String #s : $list) {\n%(loop; string #s)\n}",
        "for (int #i : $ints) {\n%(loop; int #i)\n}",
        "for (int[] #r : $grid) {\n%(loop; ints #r)\n}",
        "#l: while ($boolean && p.more()) {\n%(loop #l)\n}",
        "do {\n%(loop)\n} while ($boolean && p.more());",
        "#l: do {\n%(loop #l)\n} while (p.more() && $int > 3);",
        "for (; ; ) {\nif (!p.more() || $boolean) {\nbreak;\n}\n%(loop)\n}",
        "while (true) {\nif ($boolean || !p.more()) {\nbreak;\n}\n%(loop)\n}",
        "for (int #i = $int & 1, #j = $int; #i < 3 && p.more(); #i++, #j += $int) {\n%(loop; int! #i)\n}");
  }

  private void branches() {
    statement(4, null, "if ($boolean) {\n%\n}[[ else {\n%\n}]]");
    statement(
        1, null, "if ($boolean) {\n%\n}[[ else if ($boolean) {\n%\n}]] else {\n%\n}", "{\n%\n}");
    statement(
        1,
        MONITORS,
        "synchronized (p) {\n%(monitor)\n}",
        "synchronized (p) {\nsynchronized (NAME.class) {\n%(monitor)\n}\n%(monitor)\n}");
    statement(
        1,
        SWITCHES,
        "switch ($int & 3) {\ncase 0: {\n%(switch)\n}\n[[break;]]\ncase 1:\n[[case 2: {\n%(switch)\nbreak;\n}]]\ndefault:\n{\n%(switch)\n}\n}",
        "switch ($int & 7) {\ncase 0, 3 -> {\n%(switch)\n}\n[[case 1 -> @int = $int;]]\n[[case 5 -> {\n%(switch)\n}]]\ndefault -> {\n%(switch)\n}\n}",
        "switch (p.cut($string)) {\n[[case \"s\":\n{\n%(switch)\n}]]\ncase \"abc\": {\n%(switch)\n}\nbreak;\ndefault:\n}",
        "switch ($color) {\ncase RED -> {\n%(switch)\n}\n[[case BLUE -> {\n%(switch)\n}]]\ndefault -> {\n%(switch)\n}\n}",
        "switch ($char) {\ncase 'c' -> {\n%(switch)\n}\ndefault -> p.log($char);\n}");
    statement(
        1,
        PATTERNS,
        "if ($object instanceof String #s) {\n%(string #s)\n}[[ else {\n%\n}]]",
        "if (!($object instanceof Integer #i)) {\n%\n} else {\n%(Integer #i)\n}",
        "if ($object instanceof String #s && $boolean && #s.length() < $int) {\n%(string #s)\n}");
    if (dice.release() >= 21) {
      statement(
          2,
          PATTERNS,
          "switch ($shape) {\ncase null -> {\n%(switch)\n}\n[[case Circle(int #r) when #r < ^int -> {\n%(switch; int #r)\n}]]\n"
              + "case Circle #c -> {\n%(switch)\n}\n[[case Pair(Tag(String #n, long #m), var #o) -> {\n%(switch; string #n; long #m)\n}]]\n"
              + "case Pair(Shape #x, Shape #y) -> {\n%(switch; shape #x; shape #y)\n}\ncase Tag #t -> {\n%(switch)\n}\n}",
          "switch ($object) {\n[[case String #s when #s.length() > ^int && (^boolean || p.flip()) -> {\n%(switch; string #s)\n}]]\n"
              + "[[case Integer #i -> {\n%(switch; Integer #i)\n}]]\ncase null, default -> {\n%(switch)\n}\n}");
    }
  }

  private void tries() {
    statement(
        3,
        TRIES,
        "try {\n%(try)\n} catch (Unchecked #e) {\np.caught(#e);\n%\n}",
        "try {\n%(try)\n} catch (Exception #e) {\np.caught(#e);\n%\n}[[ finally {\n%\n}]]",
        "try {\n%(try)\n} finally {\n%(try)\n}",
        "try {\n%(try)\n} [[catch (Narrower #n) {\n%\np.caught(#n);\n}]] catch (Throwable #e) {\n%\np.caught(#e);\n}[[ finally {\n%\n}]]");
    statement(
        1,
        TRIES,
        "try {\np.declared();\n%(try)\n} catch (java.io.IOException | Checked #e) {\np.caught(#e);\n%\n}",
        "try {\n%(try)\n} catch (RuntimeException #e) {\n%\nif ($boolean) {\nthrow #e;\n}\n}",
        "try (Probe.Resource #r = p.open($string, $boolean)) {\n%(try)\n}",
        "try (Probe.Resource #r = p.open($string, $boolean);\nProbe.Resource #q = p.open($string, $boolean)) {\np.log(#r.name);\n%(try)\n} catch (Exception #e) {\np.caught(#e);\n}[[ finally {\n%\n}]]",
        "for (int #i = 0; #i < 2 && p.more(); #i++) {\ntry {\n%(try; loop; int! #i)\n} catch (Exception #e) {\np.caught(#e);\n} finally {\nawait(p.<Integer>of($int));\n%(loop; int! #i)\n}\n}",
        "try {\n%(try)\n} finally {\nif ($boolean) {\np.throwIf($boolean, $int, \"in finally\");\n}\n}",
        "try {\ntry {\n%(try)\n} finally {\n%(try)\n}\n} catch (Throwable #e) {\np.caught(#e);\n}");
  }

  private void localClasses() {
    statement(
        2,
        CLASSES,
        "class #c {\nint #n = ~int;\nCompletableFuture<Integer> start(String #s) &int\n}\n"
            + "p.log(await(new #c().start($string)));",
        "class #c<T> {\nfinal T #t;\n#c(T #p) {\n#t = #p;\n}\nCompletableFuture<String> start() &string\n}\n"
            + "@string = await(new #c<>($object).start()) + await(new #c<>($cell).start());");
    statement(
        2,
        CLASSES, // with private methods that await and return plain values
        "class #c {\n"
            + "private int #h(int #k) {\nif (#k <= 0) {\nreturn await(p.<Integer>of(~int));\n}\n"
            + "try {\nreturn #h(#k - 1) + await(p.<Integer>of(~int));\n}"
            + " finally {\n#v(~string);\n}\n}\n"
            + "private void #v(String #t) {\np.log(#t);\nawait(p.<String>task(#t));\n}\n"
            + "private boolean #b(boolean #f) {\nreturn #h(2) > await(p.<Integer>of(~int)) ^ #f;\n}\n"
            + "private String #m(long #l) {\nreturn #l + \"\" + #b(#l > 0);\n}\n"
            + "CompletableFuture<Integer> start(boolean #f) {\n"
            + "p.log(#m(~long));\nreturn p.<Integer>of(#b(#f) ? 1 : #h(1));\n}\n}\n"
            + "p.log(await(new #c().start($boolean)));");
  }

  /** Streams that are read to their end, closed early, or left; generators that fail in between. */
  private void generators() {
    for (JavaType type : JavaType.VALUES) {
      String made =
          "AsyncStream<%s> #s = p.<%s>stream(() -> *%s)"
              .formatted(type.boxed(), type.boxed(), type.key());
      String each =
          "for (%s #e; p.more() && (#e = await(#s.next())) != null; ) {\nfinal %s #x = #e;\np.log(#x);\n"
              .formatted(type.boxed(), type.source());
      String hole = "%(try; loop; " + type.key() + " #x)\n";
      statement(1, GENERATORS, Template.emitOf(type), Template.emitOf(type));
      if (dice.chance(35)) {
        statement(
            1,
            GENERATORS,
            "try (" + made + ") {\n" + each + hole + "}\n}",
            "try (" + made + ") {\n" + each + "if ($boolean) {\nbreak;\n}\n" + hole + "}\n}",
            "try (" + made + ") {\np.log(await(#s.next()));\n%(try)\n} finally {\n%\n}",
            "try ("
                + made
                + ") {\n"
                + each
                + hole
                + "}\n} catch (Throwable #t) {\np.caught(#t);\n}",
            "{\n" + made + ";\n" + each + "}\n#s.close();\np.log(#s == null);\n}");
      }
    }
    statement(
        2,
        GENERATORS,
        "class #c {\nint #n = ~int;\nAsyncStream<Integer> start(String #s) *int\n}\n"
            + "try (AsyncStream<Integer> #r = new #c().start($string)) {\n"
            + "p.log(await(#r.next()));\nawait(#r.next());\n%(try)\n}");
  }

  /** More than the short forms of instructions, or the parameters of a method, can name. */
  private void oversized() {
    List<String> types = List.of("long", "int", "double", "Object");
    StringBuilder declarations = new StringBuilder("{\nlong #waa = $long;\n");
    StringBuilder uses = new StringBuilder("p.log(\"\" + #waa");
    String before = "#waa";
    for (int i = 1; i < 180; i++) {
      String type = types.get(i % types.size());
      String name = "#w" + (char) ('a' + i / 26) + (char) ('a' + i % 26);
      declarations.append(type + " " + name + " = (" + type + ") ((long) " + before + " + 1);\n");
      // Eclipse's compiler would concatenate all of them in one call with too many arguments.
      uses.append((i % 40 == 0 ? ");\np.log(\"\" + " : " + ") + name);
      before = type.equals("Object") ? "(Long) " + name : name;
    }
    statement(1, WIDE_LOCALS, declarations + "%(int #wab)\n" + uses + ");\n}");
    StringBuilder cases = new StringBuilder("switch ($int & 255) {\n");
    for (int i = 0; i < 200; i++) {
      cases.append(
          "case " + i + " -> " + (i % 70 == 7 ? "{\n%(switch)\n}\n" : "@int += " + i + ";\n"));
    }
    statement(1, LONG_SWITCHES, cases + "default -> {\n%(switch)\n}\n}");
  }
}
