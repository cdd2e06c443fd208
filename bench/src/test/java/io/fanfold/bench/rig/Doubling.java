package io.fanfold.bench.rig;

/** A rival that answers twice its argument, and ends with an error where that is no number. */
final class Doubling {
    private Doubling() {}

    public static void main(String[] args) throws Exception {
        Rival.serve(argument -> new Rival.Answer(2 * Double.parseDouble(argument), Double.parseDouble(args[0])));
    }
}
