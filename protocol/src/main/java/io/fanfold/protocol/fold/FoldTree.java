package io.fanfold.protocol.fold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * A fold in a fixed binary tree: parts come in their order, and which are combined with which depends on their number alone.
 * Two trees of the same height become one as soon as they are next to each other, so that no more than one of each height is
 * held: as many as the number of parts has bits. Not thread-safe.
 */
public final class FoldTree<P> {
    /** The part of a whole tree. */
    private record Tree<P>(int height, P part) {}

    private final BinaryOperator<P> combine;
    /** From the last to the first, heights growing. */
    private final Deque<Tree<P>> trees = new ArrayDeque<>();

    /** @param combine takes the part that comes first as its first argument; it may change its arguments and answer one of them */
    public FoldTree(BinaryOperator<P> combine) {
        this.combine = combine;
    }

    /** Takes the next part. */
    public void add(P part) {
        Tree<P> last = new Tree<>(0, part);
        for (Tree<P> before = trees.peek(); before != null && before.height() == last.height(); before = trees.peek()) {
            trees.pop();
            last = new Tree<>(last.height() + 1, combine.apply(before.part(), last.part()));
        }
        trees.push(last);
    }

    /** How many parts are held. */
    public int held() {
        return trees.size();
    }

    /** The part of all that were added, the tree being empty after that; empty where there were none. */
    public Optional<P> whole() {
        if (trees.isEmpty()) {
            return Optional.empty();
        }
        P whole = trees.pop().part();
        while (!trees.isEmpty()) {
            whole = combine.apply(trees.pop().part(), whole);
        }
        return Optional.of(whole);
    }
}
