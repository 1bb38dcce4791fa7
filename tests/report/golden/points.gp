# Read amplification, absent keys by write amplification
# Run it in this folder to draw points.svg and .pdf again:
#     gnuplot points.gp
# The points are in the .csv beside it; `curve` counts the lines of all panels.

name = 'points'
data = name . '.csv'
x_unit = 1  # bytes per user byte
y_unit = 1  # blocks per lookup
set datafile separator comma
set datafile columnheaders
set datafile missing NaN
x(n) = column('curve') == n ? column('x') / x_unit : NaN
y(c) = column(c) / y_unit

set style line 1 lc rgb '#0072B2' lw 2 dt solid pt 7 ps 0.6  # leveling
set style line 2 lc rgb '#D55E00' lw 2 dt (12,4) pt 5 ps 0.6  # tiering
set style line 3 lc rgb '#009E73' lw 2 dt (6,3) pt 9 ps 0.6  # lazy_leveling
set style line 200 lc rgb '#9a9a9a' lw 1 dt solid  # axes
set style line 201 lc rgb '#e4e4e4' lw 1 dt solid  # grid

set border 3 ls 200
set tics nomirror out scale 0.5 textcolor rgb '#404040'
set grid xtics ytics back ls 201
set xrange [0:8]
set yrange [0:0.08]
unset key

do for [format in 'svg pdf'] {
    if (format eq 'svg') {
        set terminal svg noenhanced size 664,358 font 'Helvetica,12' background '#ffffff'
    } else {
        set terminal pdfcairo noenhanced size 6.9146in,3.7292in font 'Helvetica,9'
    }
    set output name . '.' . format
    set multiplot layout 1,1 \
        margins screen 0.0994,0.7924,0.1397,0.8939 \
        spacing screen 0.0362,0.1676
    set label 1 'Read amplification, absent keys by write amplification' at screen 0.0181,0.9497 left font ',14'
    set label 2 'Write amplification (bytes per user byte)' at screen 0.4459,0.0391 center
    set label 3 'Read amplification, absent keys (blocks per lookup)' at screen 0.0241,0.5168 center rotate by 90

    set key at screen 0.8045,0.8939 left top Left reverse samplen 2 spacing 1.3 width 0
    plot data using (x(1)):(y('y')) with linespoints ls 1 lw 1 notitle, \
         data using (x(2)):(y('y')) with linespoints ls 2 lw 1 notitle, \
         data using (x(3)):(y('y')) with linespoints ls 3 lw 1 notitle, \
         keyentry with points ls 1 title 'leveling', \
         keyentry with points ls 2 title 'tiering', \
         keyentry with points ls 3 title 'lazy_leveling'
    unset multiplot
    unset output
}
