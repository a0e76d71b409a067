package dev.weft.weaver.generated;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types that the expressions of generated programs have. */
enum JavaType {
  BOOLEAN("boolean", "Boolean", "true"),
  BYTE("byte", "Byte", "((byte) 1)"),
  SHORT("short", "Short", "((short) 1)"),
  CHAR("char", "Character", "'c'"),
  INT("int", "Integer", "1"),
  LONG("long", "Long", "1L"),
  FLOAT("float", "Float", "1f"),
  DOUBLE("double", "Double", "1.0"),
  STRING("String", "String", "\"s\""),
  OBJECT("Object", "Object", "((Object) \"o\")"),
  INTS("int[]", "int[]", "(new int[4])"),
  BYTES("byte[]", "byte[]", "(new byte[4])"),
  LONGS("long[]", "long[]", "(new long[4])"),
  DOUBLES("double[]", "double[]", "(new double[4])"),
  STRINGS("String[]", "String[]", "new String[] {\"a\", \"b\", \"c\", \"d\"}"),
  GRID("int[][]", "int[][]", "(new int[4][4])"),
  /** A class that each program declares, whose constructor leaves a trace. */
  CELL("Cell", "Cell", "new Cell(1, null)"),
  SHAPE("Shape", "Shape", "((Shape) new Circle(1))"),
  COLOR("Color", "Color", "Color.RED"),
  BUILDER("StringBuilder", "StringBuilder", "new StringBuilder()"),
  NUMBER("Number", "Number", "((Number) 1)"),
  TEXT("CharSequence", "CharSequence", "((CharSequence) \"t\")"),
  LIST("List<String>", "List<String>", "Vocabulary.list()"),
  FUTURE("CompletableFuture<Integer>", "CompletableFuture<Integer>", "p.<Integer>of(1)");

  private static final Map<String, JavaType> BY_KEY =
      Arrays.stream(values()).collect(Collectors.toMap(JavaType::key, Function.identity()));

  /** What can be a parameter, a result or the value of a future. */
  static final List<JavaType> VALUES =
      Arrays.stream(values()).filter(type -> type != FUTURE).toList();

  private final String source;
  private final String boxed;
  private final String simplest;

  JavaType(String source, String boxed, String simplest) {
    this.source = source;
    this.boxed = boxed;
    this.simplest = simplest;
  }

  /** How templates name it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static JavaType ofKey(String key) {
    JavaType type = BY_KEY.get(key);
    if (type == null) {
      throw new IllegalArgumentException("no type " + key);
    }
    return type;
  }

  /** The type as it is declared. */
  String source() {
    return source;
  }

  /** The type as a type argument. */
  String boxed() {
    return boxed;
  }

  /** The expression of this type that a failing program is shrunk to. */
  String simplest() {
    return simplest;
  }

  boolean isPrimitive() {
    return ordinal() <= DOUBLE.ordinal();
  }

  boolean isNumeric() {
    return isPrimitive() && this != BOOLEAN;
  }
}
