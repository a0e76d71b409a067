package dev.weft.weaver.tasks.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.tasks.hprof.FieldName;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read by name out of a dump is there in async-api, under that name. */
class FieldsTest {
  @Test
  void eachFieldIsInItsClass() {
    List<String> missing = new ArrayList<>();
    for (FieldName field : Fields.all()) {
      String name = field.toString();
      int dot = name.lastIndexOf('.');
      try {
        Class<?> type = Class.forName(name.substring(0, dot), false, getClass().getClassLoader());
        assertThat(type.getDeclaredField(name.substring(dot + 1)).getDeclaringClass())
            .isEqualTo(type);
      } catch (NoSuchFieldException e) {
        missing.add(name);
      } catch (ClassNotFoundException e) {
        missing.add("the class of " + name);
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void eachClassIsThere() throws IllegalAccessException {
    List<String> names = new ArrayList<>(Waits.typesWithWords());
    for (Field field : Types.class.getDeclaredFields()) {
      String value = (String) field.get(null);
      if (!value.endsWith(".")) {
        names.add(value);
      }
    }
    assertThat(names).allMatch(FieldsTest::exists);
  }

  private static boolean exists(String name) {
    try {
      Class.forName(name, false, FieldsTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Test
  void theNumbersAreThoseOfAsyncApi() throws ReflectiveOperationException {
    assertThat(constant(Types.TICKS, "SHIFT")).isEqualTo(TaskHeap.TICK_SHIFT);
    assertThat(constant(Types.RW_LOCK, "MOST_READERS")).isEqualTo(Waits.MOST_READERS);
    assertThat(
            Arrays.stream(Class.forName(Types.WEFT + "frame.Until").getEnumConstants())
                .map(Object::toString))
        .containsExactly("ALL_HAVE_VALUES", "ONE_HAS_A_VALUE", "ONE_HAS_ENDED");
  }

  private static int constant(String type, String name) throws ReflectiveOperationException {
    Field field = Class.forName(type).getDeclaredField(name);
    field.setAccessible(true);
    return field.getInt(null);
  }
}
