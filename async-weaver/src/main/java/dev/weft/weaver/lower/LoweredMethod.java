package dev.weft.weaver.lower;

import dev.weft.weaver.MethodReport.SuspensionPoint;
import java.util.List;
import org.objectweb.asm.tree.MethodNode;

/**
 * An async method in the frame form.
 *
 * @param first the code that stands under the method's own name; only its code and access flags
 *     count
 * @param added its continuation, which the frame resumes, and further methods that the two call
 * @param frame its frame class
 * @param points its suspension points
 */
public record LoweredMethod(
    MethodNode first, List<MethodNode> added, byte[] frame, List<SuspensionPoint> points) {}
