# Space amplification by compaction
# Run it in this folder to draw bars.svg and .pdf again:
#     gnuplot bars.gp
# The points are in the .csv beside it; `curve` counts the lines of all panels.

name = 'bars'
data = name . '.csv'
x_unit = 1
y_unit = 1  # bytes per live byte
set datafile separator comma
set datafile columnheaders
set datafile missing NaN
x(n) = column('curve') == n ? column('x') / x_unit : NaN
y(c) = column(c) / y_unit

set style line 1 lc rgb '#0072B2' lw 2 dt solid pt 7 ps 0.6  # size ratio 2
set style line 2 lc rgb '#D55E00' lw 2 dt (12,4) pt 5 ps 0.6  # size ratio 4
set style line 3 lc rgb '#009E73' lw 2 dt (6,3) pt 9 ps 0.6  # size ratio 8
set style line 200 lc rgb '#9a9a9a' lw 1 dt solid  # axes
set style line 201 lc rgb '#e4e4e4' lw 1 dt solid  # grid

set border 3 ls 200
set tics nomirror out scale 0.5 textcolor rgb '#404040'
set grid noxtics ytics back ls 201
set xrange [-0.5:2.5]
set yrange [0:2.5]
set xtics ('leveling' 0, 'tiering' 1, 'lazy_leveling' 2)
bar = 0.267  # a group of bars takes 0.8 of its slot
set boxwidth bar absolute
set style fill solid 0.9 noborder
unset key

do for [format in 'svg pdf'] {
    if (format eq 'svg') {
        set terminal svg noenhanced size 657,358 font 'Helvetica,12' background '#ffffff'
    } else {
        set terminal pdfcairo noenhanced size 6.8458in,3.7292in font 'Helvetica,9'
    }
    set output name . '.' . format
    set multiplot layout 1,1 \
        margins screen 0.1004,0.8004,0.1397,0.8939 \
        spacing screen 0.0365,0.1676
    set label 1 'Space amplification by compaction' at screen 0.0183,0.9497 left font ',14'
    set label 2 'Compaction' at screen 0.4504,0.0391 center
    set label 3 'Space amplification (bytes per live byte)' at screen 0.0243,0.5168 center rotate by 90

    set key at screen 0.8125,0.8939 left top Left reverse samplen 2 spacing 1.3 width 0
    plot data using (x(1) + -1 * bar):(y('y')) with boxes ls 1 notitle, \
         data using (x(2) + 0 * bar):(y('y')) with boxes ls 2 notitle, \
         data using (x(3) + 1 * bar):(y('y')) with boxes ls 3 notitle, \
         keyentry with boxes ls 1 title 'size ratio 2', \
         keyentry with boxes ls 2 title 'size ratio 4', \
         keyentry with boxes ls 3 title 'size ratio 8'
    unset multiplot
    unset output
}
