// A DSP48E2 slice with two activations of 6 bits and two weights of 4 bits on its ports of 27 and 18 bits, and the logic that takes its four products apart.
// Latency: 4 clocks. The fields of 10 bits have no guard bits, so each one's borrow is repaired before the next is read.
module packed_slice (
    input  logic               clock,
    input  logic signed [6:0]  a1,            // 6 bits, signed or not
    input  logic signed [6:0]  a2,
    input  logic signed [4:0]  w1,            // 4 bits, or the low nibble of 8, which is unsigned
    input  logic signed [3:0]  w2,
    input  logic               low_unsigned,  // whether products with w1 cannot be negative
    output logic signed [11:0] p11,           // a1 w1
    output logic signed [11:0] p12,           // a1 w2
    output logic signed [11:0] p21,           // a2 w1
    output logic signed [11:0] p22            // a2 w2
);
    logic signed [26:0] a;
    logic signed [17:0] b;
    logic signed [44:0] m, p;
    logic [2:0]         unsigned_low;

    logic signed [11:0] f11, f12, f21;
    logic signed [44:0] r1, r2;
    logic signed [11:0] f22;

    always_comb begin
        f11 = unsigned_low[2] ? $signed({2'b00, p[9:0]}) : 12'($signed(p[9:0]));
        r1  = (p - 45'(f11)) >>> 10;
        f12 = 12'($signed(r1[9:0]));
        r2  = (r1 - 45'(f12)) >>> 10;
        f21 = unsigned_low[2] ? $signed({2'b00, r2[9:0]}) : 12'($signed(r2[9:0]));
        f22 = 12'((r2 - 45'(f21)) >>> 10);
    end

    always_ff @(posedge clock) begin
        a            <= 27'(a1) + (27'(a2) <<< 20);
        b            <= 18'(w1) + (18'(w2) <<< 10);
        m            <= 45'(a) * 45'(b);
        p            <= m;
        unsigned_low <= {unsigned_low[1:0], low_unsigned};
        p11          <= f11;
        p12          <= f12;
        p21          <= f21;
        p22          <= f22;
    end
endmodule
