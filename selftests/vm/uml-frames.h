/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stack traces of the debug kernel by the chain of frame pointers; uml-build.sh
 * puts this next to arch/um's stack walker, which then calls it.
 *
 * KASAN and kmemleak save a trace with every allocation. The walker that comes
 * with the architecture tries each word of the stack, and that is what most of
 * the time of a debug run went into.
 */

#ifndef UML_FRAMES_H
#define UML_FRAMES_H

static void walk_frames(struct task_struct *task, struct stack_trace *trace)
{
	unsigned long bp = get_frame_pointer(task, task->thread.segv_regs);
	unsigned long sp = (unsigned long)
			   get_stack_pointer(task, task->thread.segv_regs);
	/* Whatever stack this is, of a task or of an interrupt, it is aligned. */
	unsigned long end = (sp | (THREAD_SIZE - 1)) + 1;

	while (bp >= sp && IS_ALIGNED(bp, sizeof(long)) &&
	       bp + 2 * sizeof(long) <= end &&
	       trace->nr_entries < trace->max_entries) {
		unsigned long caller = READ_ONCE_NOCHECK(((unsigned long *)bp)[1]);

		if (!__kernel_text_address(caller))
			break;
		if (trace->skip)
			trace->skip--;
		else
			trace->entries[trace->nr_entries++] = caller;
		sp = bp + 1;
		bp = READ_ONCE_NOCHECK(((unsigned long *)bp)[0]);
	}
}

#endif
