/**
 * Weft's tasks in another JVM that runs: this command attaches its own jar to it as an agent, which
 * changes nothing there, has {@code dev.weft.dump.TaskDump} write them to a file, and is done.
 *
 * <p>{@link dev.weft.weaver.tasks.attach.TasksAgent} is what runs in the other JVM; start at {@link
 * dev.weft.weaver.tasks.attach.RunningJvm}.
 */
@NullMarked
package dev.weft.weaver.tasks.attach;

import org.jspecify.annotations.NullMarked;
