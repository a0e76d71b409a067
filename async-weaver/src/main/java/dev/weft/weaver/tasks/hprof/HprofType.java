package dev.weft.weaver.tasks.hprof;

/** The types of values, as numbers in the file. */
final class HprofType {
  static final int OBJECT = 2;
  static final int BYTE = 8;

  private HprofType() {}

  /** How many bytes a value has; 0 for a type that does not exist. */
  static int bytes(int type, int idSize) {
    return switch (type) {
      case OBJECT -> idSize;
      case 4, BYTE -> 1; // boolean
      case 5, 9 -> 2; // char, short
      case 6, 10 -> 4; // float, int
      case 7, 11 -> 8; // double, long
      default -> 0;
    };
  }
}
