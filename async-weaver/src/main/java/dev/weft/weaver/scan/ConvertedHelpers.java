package dev.weft.weaver.scan;

import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What became of the private methods of a class that await and return a plain value.
 *
 * @param unfit why those that were left as they are may not, by name and descriptor
 * @param descriptors those that the class file has, of the methods that return a task now
 * @param calls the names of those methods, by the awaits that stand for calls of them
 * @param closes what is closed, and not awaited, in methods that are called in async methods
 */
public record ConvertedHelpers(
    Map<String, String> unfit,
    Map<MethodNode, String> descriptors,
    Map<AbstractInsnNode, String> calls,
    List<RiskyCall> closes) {}
