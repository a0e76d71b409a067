package dev.weft.dump;

import dev.weft.frame.Frame;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a suspended call has saved: the locals that it needs when it goes on, which are the fields
 * of its frame. So it can be seen who has a lock, without anybody who takes one noting it: the
 * guard is needed to give it back. A call that runs has saved nothing.
 */
final class SavedLocals {
  /** By frame class, with which it goes. */
  private static final ClassValue<Field[]> FIELDS =
      new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> frameClass) {
          try {
            return fieldsOf(frameClass);
          } catch (LinkageError | RuntimeException unknown) { // a type of a field is not there
            return new Field[0];
          }
        }
      };

  private SavedLocals() {}

  private static Field[] fieldsOf(Class<?> frameClass) {
    List<Field> fields = new ArrayList<>();
    Class<?> at = frameClass;
    while (at != null && at != Frame.class && !isOurs(at)) {
      for (Field field : at.getDeclaredFields()) {
        boolean isReference = !field.getType().isPrimitive();
        // Not to be had if the class is in a module that is not open to us: then nobody knows.
        if (isReference && !Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
          fields.add(field);
        }
      }
      at = at.getSuperclass();
    }
    return fields.toArray(new Field[0]);
  }

  private static boolean isOurs(Class<?> type) {
    return type.getClassLoader() == Frame.class.getClassLoader()
        && type.getModule() == Frame.class.getModule()
        && type.getPackageName().startsWith(Frame.class.getPackageName());
  }

  /** Adds what a call has saved, of that which somebody looks for. */
  static void add(Frame<?> call, Set<Object> wanted, List<Object> to) {
    add(call, FIELDS.get(call.getClass()), wanted, to);
  }

  /** The variables of a call that can hold one of some types: most have none. */
  static Field[] fields(Class<?> frameClass, Set<Class<?>> types) {
    return Arrays.stream(FIELDS.get(frameClass))
        .filter(field -> types.stream().anyMatch(field.getType()::isAssignableFrom))
        .toArray(Field[]::new);
  }

  /** As {@link #add(Frame, Set, List)}, of some of its variables. */
  static void add(Frame<?> call, Field[] fields, Set<Object> wanted, List<Object> to) {
    for (Field field : fields) {
      try {
        Object value = field.get(call);
        if (value != null && wanted.contains(value)) {
          to.add(value);
        }
      } catch (IllegalAccessException impossible) { // it was made accessible
        throw new IllegalStateException(impossible);
      }
    }
  }
}
