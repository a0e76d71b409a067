package dev.weft.weaver.lower;

import dev.weft.weaver.MethodReport.SuspensionPoint;
import java.util.List;
import org.objectweb.asm.tree.MethodNode;

/**
 * An async method in the frame form.
 *
 * @param first the method under its own name
 * @param continued its continuation, which the frame resumes
 * @param frameName internal name of its frame class
 * @param frame that class
 * @param points its suspension points
 */
public record LoweredMethod(
    MethodNode first,
    MethodNode continued,
    String frameName,
    byte[] frame,
    List<SuspensionPoint> points) {}
