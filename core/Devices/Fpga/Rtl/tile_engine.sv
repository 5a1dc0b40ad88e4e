// One engine of the 4 x 6-bit kind at work on a fully connected product: words of 128 bits into two banks of tiles, LANES x TM products a clock on packed slices, adder
// trees, two banks of accumulators, results out. Loads, array and drain are coupled by their banks alone, and none loses a clock between two tiles.
// The tiles come in the engine's order (row tiles of one weight width, stretches of K), their words in the order of the transfers.
module tile_engine #(
    parameter int LANES = 16,   // Th Tk
    parameter int TM    = 16,   // rows of a tile; a multiple of 4
    parameter int FMAX  = 64,   // columns that a bank holds; even
    parameter int PIN   = 2,    // words a clock: activations
    parameter int PW    = 1,    // weights
    parameter int POUT  = 2     // results
) (
    input  logic                            clock,
    input  logic                            reset,
    input  logic [15:0]                     columns,
    input  logic                            signed_activations,

    input  logic                            tile_valid,
    input  logic                            tile_eight,    // rows of 8 bits, else of 4
    input  logic                            tile_first,    // accumulators begin anew
    input  logic                            tile_last,     // the row tile's results are complete after it
    output logic                            tile_take,

    input  logic [PIN-1:0][127:0]           a_words,       // the next words of the tile that is loaded; 21 activations each
    output logic [7:0]                      a_taken,
    input  logic [PW-1:0][127:0]            w_words,       // 32 weights of 4 bits or 16 of 8 bits each
    output logic [7:0]                      w_taken,

    output logic [POUT-1:0]                 out_valid,
    output logic [POUT-1:0][15:0][31:0]     out_sums,      // a word is 16 results of 8 bits; here the sums that they are rounded from
    output logic [31:0]                     depth          // clocks from a multiplication to its sum
);
    localparam int PER_A   = 128 / 6, PER_4 = 128 / 4, PER_8 = 128 / 8, PER_OUT = 128 / 8;
    localparam int WORDS_A = (LANES + PER_A - 1) / PER_A;
    localparam int WORDS_4 = (LANES + PER_4 - 1) / PER_4;
    localparam int WORDS_8 = (LANES + PER_8 - 1) / PER_8;
    localparam int WORDS_O = (TM + PER_OUT - 1) / PER_OUT;
    localparam int GROUP   = TM / 4;                       // row slots a clock
    localparam int LEVELS  = $clog2(LANES);
    localparam int CB      = $clog2(FMAX);                 // bits of a column's and of a row's number
    localparam int RB      = $clog2(TM);
    localparam int SLICE   = 4;                            // clocks in a slice
    localparam int STAGES  = SLICE + LEVELS;

    assign depth = STAGES;

    // The word that follows one in a transfer of rows of so many words.
    function automatic logic [23:0] after(input logic [15:0] row, input logic [7:0] word, input logic [7:0] words);
        return word + 8'd1 == words ? {row + 16'd1, 8'd0} : {row, word + 8'd1};
    endfunction

    // ---- banks -------------------------------------------------------------------------------------------------------------------------------------------
    logic        [LANES-1:0][5:0] activations[2][FMAX];
    logic signed [LANES-1:0][7:0] weights[2][TM];
    logic signed [31:0]           sums[2][FMAX][TM];

    logic [1:0] full, full_next;                           // of tiles
    logic [1:0] taken, taken_next;                         // sums: given to the array and not yet sent
    logic [1:0] settled, settled_next;                     // sums: every one has arrived
    logic       eight[2], first[2], last[2];

    // ---- loads -------------------------------------------------------------------------------------------------------------------------------------------
    logic        loading, load_bank, load_ends;
    logic [15:0] a_row[PIN+1], w_row[PW+1];
    logic [7:0]  a_word[PIN+1], w_word[PW+1], w_per_row;
    logic [15:0] a_row_now, w_row_now;
    logic [7:0]  a_word_now, w_word_now;

    always_comb begin
        a_row[0]  = a_row_now;
        a_word[0] = a_word_now;
        a_taken   = 0;
        for (int p = 0; p < PIN; p++) begin
            a_row[p+1]  = a_row[p];
            a_word[p+1] = a_word[p];
            if (loading && a_row[p] < columns) begin
                a_taken     = a_taken + 1;
                {a_row[p+1], a_word[p+1]} = after(a_row[p], a_word[p], 8'(WORDS_A));
            end
        end
        w_per_row = eight[load_bank] ? 8'(WORDS_8) : 8'(WORDS_4);
        w_row[0]  = w_row_now;
        w_word[0] = w_word_now;
        w_taken   = 0;
        for (int p = 0; p < PW; p++) begin
            w_row[p+1]  = w_row[p];
            w_word[p+1] = w_word[p];
            if (loading && w_row[p] < 16'(TM)) begin
                w_taken     = w_taken + 1;
                {w_row[p+1], w_word[p+1]} = after(w_row[p], w_word[p], w_per_row);
            end
        end
        load_ends = loading && a_row[PIN] == columns && w_row[PW] == 16'(TM);
    end

    always_ff @(posedge clock) begin
        for (int p = 0; p < PIN; p++)
            if (loading && a_row[p] < columns)
                for (int l = 0; l < LANES; l++)
                    if (8'(l / PER_A) == a_word[p]) activations[load_bank][a_row[p][CB-1:0]][l] <= a_words[p][6*(l%PER_A)+:6];
        for (int p = 0; p < PW; p++)
            if (loading && w_row[p] < 16'(TM))
                for (int l = 0; l < LANES; l++)
                    if (eight[load_bank]) begin
                        if (8'(l / PER_8) == w_word[p]) weights[load_bank][w_row[p][RB-1:0]][l] <= w_words[p][8*(l%PER_8)+:8];
                    end else begin
                        if (8'(l / PER_4) == w_word[p]) weights[load_bank][w_row[p][RB-1:0]][l] <= 8'($signed(w_words[p][4*(l%PER_4)+:4]));
                    end
        if (reset) begin
            loading   <= 0;
            load_bank <= 0;
        end else begin
            a_row_now  <= a_row[PIN];
            a_word_now <= a_word[PIN];
            w_row_now  <= w_row[PW];
            w_word_now <= w_word[PW];
            if (load_ends) load_bank <= ~load_bank;
            if (!loading || load_ends) loading <= tile_take;
            if (tile_take) begin
                eight[load_bank^load_ends] <= tile_eight;
                first[load_bank^load_ends] <= tile_first;
                last[load_bank^load_ends]  <= tile_last;
                a_row_now                  <= 0;
                a_word_now                 <= 0;
                w_row_now                  <= 0;
                w_word_now                 <= 0;
            end
        end
    end

    assign tile_take = !reset && tile_valid && (!loading || load_ends) && !full_next[load_bank^load_ends];

    // ---- array: a slot of two columns takes two clocks for rows of 4 bits, four for rows of 8 ---------------------------------------------------------------
    logic        busy, bank, sum_bank, slot_ends, tile_ends, starts;
    logic [1:0]  part;
    logic [15:0] column;

    assign slot_ends = part == (eight[bank] ? 2'd3 : 2'd1);
    assign tile_ends = busy && slot_ends && column + 2 >= columns;
    assign starts    = (!busy || tile_ends) && full_next[bank^tile_ends] && !taken_next[sum_bank^(tile_ends && last[bank])];

    always_ff @(posedge clock)
        if (reset) begin
            busy     <= 0;
            bank     <= 0;
            sum_bank <= 0;
            part     <= 0;
            column   <= 0;
        end else begin
            if (tile_ends) bank <= ~bank;
            if (tile_ends && last[bank]) sum_bank <= ~sum_bank;
            if (!busy || tile_ends) begin
                busy   <= starts;
                part   <= 0;
                column <= 0;
            end else if (slot_ends) begin
                part   <= 0;
                column <= column + 2;
            end else part <= part + 1;
        end

    // ---- slices and adder trees ------------------------------------------------------------------------------------------------------------------------------
    logic signed [23:0] tree[LEVELS+1][GROUP][4][LANES];

    generate
        for (genvar j = 0; j < GROUP; j++) begin : slots
            for (genvar l = 0; l < LANES; l++) begin : lanes
                logic signed [6:0]  a1, a2;
                logic signed [4:0]  w1;
                logic signed [3:0]  w2;
                logic signed [7:0]  even;
                logic signed [3:0]  odd;
                logic signed [11:0] p11, p12, p21, p22;
                logic        [5:0]  c1, c2;
                int                 row;

                always_comb begin
                    row  = int'(part) * GROUP + j;
                    c1   = activations[bank][column[CB-1:0]][l];
                    c2   = column + 16'd1 < columns ? activations[bank][CB'(column + 16'd1)][l] : 6'd0;
                    a1   = signed_activations ? 7'($signed(c1)) : $signed({1'b0, c1});
                    a2   = signed_activations ? 7'($signed(c2)) : $signed({1'b0, c2});
                    even = weights[bank][eight[bank] ? row : 2*row%TM][l];
                    odd  = weights[bank][(2*row+1)%TM][l][3:0];
                    w1   = eight[bank] ? $signed({1'b0, even[3:0]}) : 5'($signed(even[3:0]));
                    w2   = eight[bank] ? even[7:4] : odd;
                end

                packed_slice slice (
                    .clock, .a1, .a2, .w1, .w2, .low_unsigned(eight[bank] && !signed_activations), .p11, .p12, .p21, .p22
                );

                assign tree[0][j][0][l] = 24'(p11);
                assign tree[0][j][1][l] = 24'(p12);
                assign tree[0][j][2][l] = 24'(p21);
                assign tree[0][j][3][l] = 24'(p22);
            end
            for (genvar v = 1; v <= LEVELS; v++) begin : levels
                for (genvar i = 0; i < LANES; i++) begin : nodes
                    for (genvar q = 0; q < 4; q++) begin : products
                        if (i < (LANES + (1 << v) - 1) >> v) begin : node
                            if (2 * i + 1 < (LANES + (1 << (v - 1)) - 1) >> (v - 1)) begin : two
                                always_ff @(posedge clock) tree[v][j][q][i] <= tree[v-1][j][q][2*i] + tree[v-1][j][q][2*i+1];
                            end else begin : one
                                always_ff @(posedge clock) tree[v][j][q][i] <= tree[v-1][j][q][2*i];
                            end
                        end else begin : none
                            assign tree[v][j][q][i] = 0;
                        end
                    end
                end
            end
        end
    endgenerate

    // ---- what is under way -----------------------------------------------------------------------------------------------------------------------------------
    typedef struct packed {
        logic        valid, bank, eight, anew, ends;       // ends: the row tile's last sums
        logic [1:0]  part;
        logic [15:0] column;
    } flight_t;

    flight_t flight[STAGES];
    flight_t landing;

    always_ff @(posedge clock) begin
        flight[0] <= '{
            valid: busy && !reset, bank: sum_bank, eight: eight[bank], anew: first[bank], ends: tile_ends && last[bank], part: part, column: column
        };
        for (int s = 1; s < STAGES; s++) flight[s] <= reset ? '0 : flight[s-1];
    end

    assign landing = flight[STAGES-1];

    always_ff @(posedge clock)
        if (landing.valid)
            for (int j = 0; j < GROUP; j++) begin
                automatic int row = int'(landing.part) * GROUP + j;
                automatic logic [15:0] next = landing.column + 1;
                automatic logic signed [31:0] t11 = 32'(tree[LEVELS][j][0][0]), t12 = 32'(tree[LEVELS][j][1][0]), t21 = 32'(tree[LEVELS][j][2][0]), t22 = 32'(tree[LEVELS][j][3][0]);
                if (landing.eight) begin
                    sums[landing.bank][landing.column[CB-1:0]][row] <= (landing.anew ? 0 : sums[landing.bank][landing.column[CB-1:0]][row]) + (t12 <<< 4) + t11;
                    if (next < columns) sums[landing.bank][next[CB-1:0]][row] <= (landing.anew ? 0 : sums[landing.bank][next[CB-1:0]][row]) + (t22 <<< 4) + t21;
                end else begin
                    sums[landing.bank][landing.column[CB-1:0]][2*row]   <= (landing.anew ? 0 : sums[landing.bank][landing.column[CB-1:0]][2*row]) + t11;
                    sums[landing.bank][landing.column[CB-1:0]][2*row+1] <= (landing.anew ? 0 : sums[landing.bank][landing.column[CB-1:0]][2*row+1]) + t12;
                    if (next < columns) begin
                        sums[landing.bank][next[CB-1:0]][2*row]   <= (landing.anew ? 0 : sums[landing.bank][next[CB-1:0]][2*row]) + t21;
                        sums[landing.bank][next[CB-1:0]][2*row+1] <= (landing.anew ? 0 : sums[landing.bank][next[CB-1:0]][2*row+1]) + t22;
                    end
                end
            end

    // ---- drain -----------------------------------------------------------------------------------------------------------------------------------------------
    logic        draining, drain_bank, drain_ends, drain_starts;
    logic [15:0] o_row[POUT+1], o_row_now;
    logic [7:0]  o_word[POUT+1], o_word_now;

    always_comb begin
        o_row[0]  = o_row_now;
        o_word[0] = o_word_now;
        out_valid = 0;
        out_sums  = '0;
        for (int p = 0; p < POUT; p++) begin
            o_row[p+1]  = o_row[p];
            o_word[p+1] = o_word[p];
            if (draining && o_row[p] < columns) begin
                out_valid[p] = 1;
                for (int o = 0; o < PER_OUT; o++)
                    if (int'(o_word[p]) * PER_OUT + o < TM) out_sums[p][o] = sums[drain_bank][o_row[p][CB-1:0]][int'(o_word[p])*PER_OUT+o];
                {o_row[p+1], o_word[p+1]} = after(o_row[p], o_word[p], 8'(WORDS_O));
            end
        end
        drain_ends = draining && o_row[POUT] == columns;
    end

    assign drain_starts = (!draining || drain_ends) && taken_next[drain_bank^drain_ends] && settled_next[drain_bank^drain_ends];

    always_ff @(posedge clock)
        if (reset) begin
            draining   <= 0;
            drain_bank <= 0;
        end else begin
            o_row_now  <= drain_starts ? 0 : o_row[POUT];
            o_word_now <= drain_starts ? 0 : o_word[POUT];
            if (drain_ends) drain_bank <= ~drain_bank;
            if (!draining || drain_ends) draining <= drain_starts;
        end

    // ---- who has which bank ------------------------------------------------------------------------------------------------------------------------------------
    always_comb begin
        full_next    = full;
        taken_next   = taken;
        settled_next = settled;
        if (load_ends) full_next[load_bank] = 1;
        if (tile_ends) full_next[bank] = 0;
        if (drain_ends) begin
            taken_next[drain_bank]   = 0;
            settled_next[drain_bank] = 0;
        end
        if (tile_ends && last[bank]) taken_next[sum_bank] = 1;
        if (landing.valid && landing.ends) settled_next[landing.bank] = 1;
    end

    always_ff @(posedge clock) begin
        full    <= reset ? '0 : full_next;
        taken   <= reset ? '0 : taken_next;
        settled <= reset ? '0 : settled_next;
    end
endmodule
