// Static blocks and static fields, of classes and of enums.
package shapes;

import static dev.weft.Async.await;

import dev.weft.weaver.corpus.Source;

class StaticInitializers {
  static Source source;
  static String field =
      await(source.of("x")); // error: [WEFT003] await in a static initializer, which cannot be suspended: keep the future in the field, and await it where it is used

  static {
    await(source.of(1)); // error: [WEFT003] await in a static initializer, which cannot be suspended: keep the future in the field, and await it where it is used
  }

  enum Constant {
    ONE(
        await(source.of(1))); // error: [WEFT003] await in a static initializer, which cannot be suspended: keep the future in the field, and await it where it is used

    final int n;

    Constant(int n) {
      this.n = n;
    }
  }
}
