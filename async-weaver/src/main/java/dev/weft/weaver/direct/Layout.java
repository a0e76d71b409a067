package dev.weft.weaver.direct;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;

/**
 * Where saved values are, in the frame and when the body is resumed.
 *
 * <p>The body's parameters are those of the method, one for each further saved value in the order
 * of the locals, the state, and the frame. The frame has a field for every parameter that is ever
 * saved, and resumes the body with all of them. So most values arrive in the slot in which the code
 * expects them, and restoring them takes no code at all. The locals behind the last of them move
 * up, to make room for values that do not arrive in place, the state and the frame.
 *
 * <pre>
 *   slot before     0  1  2 | 3  4            | 5  6
 *   slot in body    0  1  2 | 3  4  5     6   |        7  8
 *                   the     | saved   state   |
 *                   method's| locals     frame|
 * </pre>
 *
 * <p>Values of one type that are never saved at the same await share a parameter. What does not fit
 * into the 255 slots of a method's parameters shares an array.
 */
final class Layout {
  /** The parameter slots that are not the method's own: state and frame. */
  static final int ADDED = 2;

  /** A method has 255 slots for arguments; the future, the state and the frame take three. */
  static final int MOST_SLOTS = 250;

  /**
   * A gap in the slots that is filled, rather than have the values behind it in the wrong slots.
   */
  private static final int WIDEST_GAP = 2;

  private static final Type OVERFLOW = Type.getType("[Ljava/lang/Object;");

  /**
   * One parameter of the body between the method's own and the state.
   *
   * @param type its type
   * @param slot its slot in the body
   */
  record Parameter(Type type, int slot) {}

  /** A value that needs a place, and the states in which it does. */
  private record Demand(Variable variable, BitSet at) {
    Demand(Variable variable) {
      this(variable, new BitSet());
    }
  }

  private final int ownSlots;
  private final Type[] ownBySlot;
  private final List<Parameter> added = new ArrayList<>();
  private final Map<Variable, Parameter> parameters = new HashMap<>();
  private final Map<Parameter, BitSet> usedAt = new HashMap<>();
  private final Map<Variable, Integer> overflow = new LinkedHashMap<>();
  private final BitSet savedOwn = new BitSet();
  private int next;

  /** The first slot whose local moves up. */
  private final int firstMoved;

  private final int stateSlot;

  /**
   * @param own the types of the method's own parameters, the receiver included
   * @param points the awaits
   * @param wide the slots in which a long or a double begins somewhere in the method
   */
  Layout(List<Type> own, List<Point> points, BitSet wide) {
    ownSlots = own.stream().mapToInt(Type::getSize).sum();
    ownBySlot = new Type[ownSlots];
    int slot = 0;
    for (Type type : own) {
      ownBySlot[slot] = Variable.computational(type);
      slot += type.getSize();
    }
    next = ownSlots;
    Map<Variable, Demand> saved = new HashMap<>();
    for (Point point : points) {
      for (Variable variable : point.saved()) {
        if (isOwn(variable)) {
          savedOwn.set(variable.slot());
        } else {
          saved.computeIfAbsent(variable, Demand::new).at().set(point.state());
        }
      }
    }
    List<Demand> moved = assignInPlace(saved.values());
    while (next > 0 && wide.get(next - 1)) {
      add(Type.INT_TYPE); // the two halves must not be moved apart
    }
    firstMoved = next;
    assign(moved);
    stateSlot = next;
  }

  /** True for a value that lies where the method's own parameter of that type came in. */
  private boolean isOwn(Variable variable) {
    return !variable.isOnStack()
        && variable.slot() < ownSlots
        && variable.type().equals(ownBySlot[variable.slot()]);
  }

  /**
   * Gives the locals parameters in their own slots, as long as that is possible; the rest is left.
   */
  private List<Demand> assignInPlace(Collection<Demand> saved) {
    List<Demand> order = new ArrayList<>(saved);
    order.sort(
        Comparator.comparing((Demand demand) -> demand.variable().isOnStack())
            .thenComparing(demand -> Math.abs(demand.variable().slot()))
            .thenComparing(demand -> -demand.at().cardinality())
            .thenComparing(demand -> demand.variable().type().getDescriptor()));
    List<Demand> moved = new ArrayList<>();
    for (Demand demand : order) {
      Variable variable = demand.variable();
      int home = variable.isOnStack() ? -1 : variable.slot();
      if (home < next || home > next + WIDEST_GAP || home > MOST_SLOTS - 4) {
        moved.add(demand);
        continue;
      }
      while (next < home) {
        add(Type.INT_TYPE);
      }
      occupy(add(variable.type()), demand);
    }
    return moved;
  }

  private void assign(List<Demand> moved) {
    for (Demand demand : moved) {
      Type type = demand.variable().type();
      Parameter free = freeParameter(type, demand.at());
      if (free != null) {
        occupy(free, demand);
      } else if (next + type.getSize() < MOST_SLOTS) {
        occupy(add(type), demand);
      } else {
        overflow.put(demand.variable(), overflow.size());
      }
    }
    if (!overflow.isEmpty()) {
      add(OVERFLOW);
    }
  }

  private Parameter add(Type type) {
    Parameter parameter = new Parameter(type, next);
    added.add(parameter);
    next += type.getSize();
    return parameter;
  }

  private void occupy(Parameter parameter, Demand demand) {
    parameters.put(demand.variable(), parameter);
    usedAt.computeIfAbsent(parameter, key -> new BitSet()).or(demand.at());
  }

  private @Nullable Parameter freeParameter(Type type, BitSet at) {
    for (Parameter parameter : added) {
      BitSet used = usedAt.get(parameter);
      if (parameter.type().equals(type) && (used == null || !used.intersects(at))) {
        return parameter;
      }
    }
    return null;
  }

  /** The slot that a local of the method has in the body. */
  int slotInBody(int slot) {
    return slot < firstMoved ? slot : slot - firstMoved + parameterSlots();
  }

  /** The body's parameter for the state. */
  int stateSlot() {
    return stateSlot;
  }

  /** The body's parameter for the frame; null while the body runs for its first time. */
  int frameSlot() {
    return stateSlot + 1;
  }

  /** The slots that the body's parameters take up. */
  int parameterSlots() {
    return stateSlot + ADDED;
  }

  /** The parameters between the method's own and the state. */
  List<Parameter> added() {
    return added;
  }

  /** True if the parameter has a field in the frame; otherwise it only keeps others in place. */
  boolean isField(Parameter parameter) {
    return usedAt.containsKey(parameter) || isOverflow(parameter);
  }

  /** True if the method's own parameter in a slot has a field in the frame. */
  boolean isOwnField(int slot) {
    return savedOwn.get(slot);
  }

  /** True for the array of what does not fit. */
  boolean isOverflow(Parameter parameter) {
    return !overflow.isEmpty() && parameter.equals(added.get(added.size() - 1));
  }

  /** The slot of the array of what does not fit. */
  int overflowSlot() {
    return added.get(added.size() - 1).slot();
  }

  /** The index of a value in the array of what does not fit, or -1 if it has a parameter. */
  int overflowIndex(Variable variable) {
    return overflow.getOrDefault(variable, -1);
  }

  /** The length of the array of what does not fit. */
  int overflowLength() {
    return overflow.size();
  }

  /** The slot in which a value that has a parameter arrives when the body is resumed. */
  int arrivesIn(Variable variable) {
    if (isOwn(variable)) {
      return variable.slot();
    }
    Parameter parameter = parameters.get(variable);
    if (parameter == null) {
      throw new IllegalArgumentException("never saved: " + variable);
    }
    return parameter.slot();
  }

  /** True if a local arrives in the slot in which the code expects it. */
  boolean arrivesInPlace(Variable variable) {
    return !variable.isOnStack()
        && overflowIndex(variable) < 0
        && arrivesIn(variable) == slotInBody(variable.slot());
  }

  /** The frame's field for a value that has one of its own, or -1. */
  int fieldOf(Variable variable) {
    return overflowIndex(variable) >= 0 ? -1 : fieldSlots().indexOf(arrivesIn(variable));
  }

  /** True for the field of the array of what does not fit. */
  boolean isOverflowField(int field) {
    return !overflow.isEmpty() && fieldSlots().get(field) == overflowSlot();
  }

  /**
   * What each of the frame's fields holds at an await, null standing for nothing, and after them
   * what is in the array of what does not fit.
   */
  List<@Nullable Variable> valuesOfFields(Point point) {
    List<Integer> slots = fieldSlots();
    List<@Nullable Variable> values = new ArrayList<@Nullable Variable>();
    slots.forEach(slot -> values.add(null));
    for (Variable variable : point.saved()) {
      if (overflowIndex(variable) >= 0) {
        values.add(variable);
      } else {
        values.set(slots.indexOf(arrivesIn(variable)), variable);
      }
    }
    return values;
  }

  /** The parameter slots that have a field, in the order of the fields. */
  private List<Integer> fieldSlots() {
    List<Integer> slots = new ArrayList<>(savedOwn.stream().boxed().toList());
    added.stream().filter(this::isField).forEach(parameter -> slots.add(parameter.slot()));
    return slots;
  }
}
