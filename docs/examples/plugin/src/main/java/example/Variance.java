package example;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.worker.function.Doubles;

/** {@code np.var(y)}: a part is how many numbers there are, their mean, and the sum of their squared distances from it. */
public final class Variance implements FoldFunction {
    @Override
    public String name() {
        return "variance";
    }

    @Override
    public String about() {
        return "np.var(y), of all elements";
    }

    @Override
    public ArraySlice part(ArraySlice outcome, int axis) {
        double[] numbers = Doubles.of(outcome);
        double sum = 0;
        for (double x : numbers) {
            sum += x;
        }
        double mean = numbers.length == 0 ? 0 : sum / numbers.length;
        double squares = 0;
        for (double x : numbers) {
            squares += (x - mean) * (x - mean);
        }
        return Doubles.array(Shape.of(3), numbers.length, mean, squares);
    }

    @Override
    public ArraySlice combine(ArraySlice left, ArraySlice right) {
        double[] a = Doubles.of(left);
        double[] b = Doubles.of(right);
        double count = a[0] + b[0];
        double shift = count == 0 ? 0 : (b[1] - a[1]) * b[0] / count;
        double squares = a[2] + b[2] + (b[1] - a[1]) * shift * a[0];
        return Doubles.array(Shape.of(3), count, a[1] + shift, squares);
    }

    @Override
    public ArraySlice result(ArraySlice whole, long rows) {
        double[] part = Doubles.of(whole);
        return Doubles.array(Shape.of(), part[2] / part[0]);
    }
}
