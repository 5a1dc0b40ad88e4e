// Runs products on the verilated engine: reads jobs from standard input, writes cycles and accumulators to standard output, both as lines of numbers.
//   job:    F K rows4 rows8 signed, then the weights (rows4 + rows8, K), then the activations (K, F)
//   answer: cycles depth, then the accumulators (rows4 + rows8, F)
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>
#include "Vtile_engine.h"
#include "verilated.h"

namespace {

using Word = std::array<uint32_t, 4>;   // 128 bits

struct Tile {
    bool eight, first, last;
    int row, rows;
};

void put(Word& word, int at, int bits, int value) {
    for (int b = 0; b < bits; b++)
        if (value >> b & 1) word[(at + b) / 32] |= 1u << (at + b) % 32;
}

int number() {
    int n;
    if (std::scanf("%d", &n) != 1) std::exit(2);
    return n;
}

template <typename Port>
void offer(Port& port, const std::vector<Word>& words, size_t from, int count) {
    for (int p = 0; p < count; p++)
        for (int i = 0; i < 4; i++) port[4 * p + i] = from + p < words.size() ? words[from + p][i] : 0;
}

}  // namespace

int main(int argc, char** argv) {
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vtile_engine engine{&context};
    constexpr int lanes = LANES, tm = TM, ports[] = {PIN, PW, POUT}, perA = 128 / 6, perOut = 16;
    int columns;
    while (std::scanf("%d", &columns) == 1) {
        int k = number(), rows4 = number(), rows8 = number(), isSigned = number(), rows = rows4 + rows8;
        std::vector<int> weights(rows * k), activations(k * columns), sums(rows * columns);
        for (int& w : weights) w = number();
        for (int& a : activations) a = number();

        std::vector<Tile> tiles;
        std::vector<Word> a, w;
        for (int width : {4, 8})
            for (int row = width == 4 ? 0 : rows4, end = width == 4 ? rows4 : rows; row < end; row += tm)
                for (int from = 0; from < k; from += lanes) {
                    int here = end - row < tm ? end - row : tm, per = 128 / width;
                    tiles.push_back({width == 8, from == 0, from + lanes >= k, row, here});
                    for (int column = 0; column < columns; column++)
                        for (int l = 0; l < lanes; l += perA) {
                            Word word{};
                            for (int i = l; i < l + perA && i < lanes && from + i < k; i++) put(word, 6 * (i - l), 6, activations[(from + i) * columns + column]);
                            a.push_back(word);
                        }
                    for (int r = 0; r < tm; r++)
                        for (int l = 0; l < lanes; l += per) {
                            Word word{};
                            for (int i = l; i < l + per && i < lanes && from + i < k && r < here; i++) put(word, width * (i - l), width, weights[(row + r) * k + from + i]);
                            w.push_back(word);
                        }
                }

        engine.columns = columns;
        engine.signed_activations = isSigned;
        engine.tile_valid = 0;
        engine.reset = 1;
        for (int i = 0; i < 4; i++) {
            engine.clock = 0;
            engine.eval();
            engine.clock = 1;
            engine.eval();
        }
        engine.reset = 0;

        size_t tile = 0, aAt = 0, wAt = 0, draining = 0;
        int outColumn = 0, outWord = 0;
        long cycles = -1;   // the first tile is taken in a clock of its own, in which nothing moves
        while (draining < tiles.size()) {
            while (draining < tiles.size() && !tiles[draining].last) draining++;
            engine.tile_valid = tile < tiles.size();
            if (tile < tiles.size()) {
                engine.tile_eight = tiles[tile].eight;
                engine.tile_first = tiles[tile].first;
                engine.tile_last = tiles[tile].last;
            }
            offer(engine.a_words, a, aAt, ports[0]);
            offer(engine.w_words, w, wAt, ports[1]);
            engine.clock = 0;
            engine.eval();
            for (int p = 0; p < ports[2]; p++)
                if (engine.out_valid >> p & 1) {
                    const Tile& t = tiles[draining];
                    for (int o = 0; o < perOut && outWord * perOut + o < t.rows; o++) sums[(t.row + outWord * perOut + o) * columns + outColumn] = static_cast<int>(engine.out_sums[perOut * p + o]);
                    if (++outWord < (tm + perOut - 1) / perOut) continue;
                    outWord = 0;
                    if (++outColumn < columns) continue;
                    outColumn = 0;
                    draining++;
                    while (draining < tiles.size() && !tiles[draining].last) draining++;
                }
            tile += engine.tile_take;
            aAt += engine.a_taken;
            wAt += engine.w_taken;
            engine.clock = 1;
            engine.eval();
            if (++cycles > 100'000'000) {
                std::fprintf(stderr, "the engine came to no end\n");
                return 1;
            }
        }
        std::printf("%ld %u\n", cycles, engine.depth);
        for (int sum : sums) std::printf("%d ", sum);
        std::printf("\n");
        std::fflush(stdout);
    }
    engine.final();
    return 0;
}
