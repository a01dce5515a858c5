"""More files as people have them, a kind under each comment, and the works that they come to. Written before the importer could read them."""

from __future__ import annotations

NOTES = {
 # csv
 "Name,Duration (s),Sides\nPlank,45,\nSide plank,30,both sides\nPigeon,60,left\n": "Plank 45, Side plank left 30, Side plank right 30, Pigeon left 60",
 "Exercise\tSets\tReps\tRest\nPush-ups\t2\t10\t30s\nDips\t1\t8\t\n": "Push-ups 30, rest 30, Push-ups 30, Dips 24",
 "Ejercicio;Tiempo;Descanso\nPlancha;0:45;15\nPuente;1:00;15\n": "Plancha 45, rest 15, Puente 60",
 "#;Übung;Sätze;Wdh.;Pause (s)\n1;Liegestütz;2;10;30\n2;Kniebeuge;1;12;\n": "Liegestütz 30, rest 30, Liegestütz 30, Kniebeuge 36",
 "exercise|minutes\nBike|5\nRow|2.5\n": "Bike 300, Row 150",
 '"Exercise","Time","Notes"\n"Plank","45s","keep hips low, breathe"\n"Squats","30s",""\n': "Plank 45, Squats 30",
 # md tables
 "# Core\n\n| Move | Work | Rest |\n|:--|--:|--:|\n| Plank | 40 s | 20 s |\n| Dead bug | 40 s | 20 s |\n": "Plank 40, rest 20, Dead bug 40",
 "| Übung | Sätze | Wiederholungen | Halten |\n|---|---|---|---|\n| Brücke | 2 | 5 | 5 s |\n": "Brücke 35, Brücke 35",
 "Exercise | Time\n--- | ---\nPlank | 45s\nSquats | 30s\n": "Plank 45, Squats 30",
 # own rest
 "Legs\nSquats 40 sec (rest 20 sec)\nLunges 40 sec + 20 sec rest\nCalf raises 40 sec, then rest for 20 seconds\nWall sit 40": "Squats 40, rest 20, Lunges 40, rest 20, Calf raises 40, rest 20, Wall sit 40",
 "Core\nPlank: 45 seconds. Rest: 15 seconds.\nCrunches: 30 seconds. Rest: 15 seconds.\nDead bug: 30 seconds.": "Plank 45, rest 15, Crunches 30, rest 15, Dead bug 30",
 "Rumpf\nPlank 45 s / 15 s Pause\nBrücke 45 s mit 15 s Pause\nKäfer 45 s": "Plank 45, rest 15, Brücke 45, rest 15, Käfer 45",
 # on off
 "Cardio\nJumping jacks – 30 on, 15 off\nHigh knees – 30 on, 15 off\nBurpees 20s": "Jumping jacks 30, rest 15, High knees 30, rest 15, Burpees 20",
 "Kraft\nKniebeugen: 40 Sek. Arbeit / 20 Sek. Pause\nLiegestütze 30s": "Kniebeugen 40, rest 20, Liegestütze 30",
 "HIIT\nWork 40s, rest 20s\n\nBurpees\nSkaters\nPlank jacks": "Burpees 40, Skaters 40, Plank jacks 40",
 "Jacks 20s work/10s rest x 3\n": "Jacks 20, rest 10, Jacks 20, rest 10, Jacks 20",
 "30s on 30s off x 3: kettlebell swings": "Kettlebell swings 30, rest 30, Kettlebell swings 30, rest 30, Kettlebell swings 30",
 # two lengths
 "Intervals\n5 min walk, 1 min run\n4 min walk, 2 min run": "Walk 300, Run 60, Walk 240, Run 120",
 "Run\nJog 2 min then walk 1 min\nJog 3 min then walk 1 min": "Jog 120, Walk 60, Jog 180, Walk 60",
 "Laufen\n3 x (2 min laufen, 1 min gehen)": "Laufen 120, Gehen 60, Laufen 120, Gehen 60, Laufen 120, Gehen 60",
 "Mix\nJacks 20s + plank 30s + squats 40s": "Jacks 20, Plank 30, Squats 40",
 "Mix\nPlank 30s / squats 40s / lunges 20s": "Plank 30, Squats 40, Lunges 20",
 # hold
 "Holds\nDead hang hold: 20s\nL-sit hold 15 sec\nBoat hold - 30s": "Dead hang hold 20, L-sit hold 15, Boat hold 30",
 "Yoga\nHold warrior two for 45 seconds\nHold tree pose 30s each side": "Hold warrior two 45, Hold tree pose left 30, Hold tree pose right 30",
 "Stretch\nPigeon (hold 60s each side)\nFrog, hold for 1 minute": "Pigeon left 60, Pigeon right 60, Frog 60",
 # breaths
 "Yoga\nDown dog, 5 breaths\nWarrior I: hold for 8 deep breaths per side\nChild's pose 1 min": "Down dog 25, Warrior I left 40, Warrior I right 40, Child's pose 60",
 "Yoga\nHund 5 Atemzüge\nKobra 3-5 tiefe Atemzüge\nKind 60s": "Hund 25, Kobra 25, Kind 60",
 # metres
 "Track\nJog 5 min\nRun 1 km\nWalk 200 m\nRun 2 miles": "Jog 300, Run 360, Walk 72, Run 1158",
 "Track\nWalk 5 min\n4 x 400m, 90 sec rest": "Walk 300, Exercise 144, rest 90, Exercise 144, rest 90, Exercise 144, rest 90, Exercise 144",
 "Rudern\nEinrudern 5 min\n500 m zügig": "Einrudern 300, Zügig 180",
 # repeat
 "Arms\nCurls 30s\nDips 30s\nDo this 3 times": "Curls 30, Dips 30, Curls 30, Dips 30, Curls 30, Dips 30",
 "Arms\nCurls 30s\nDips 30s\n\nx3": "Curls 30, Dips 30, Curls 30, Dips 30, Curls 30, Dips 30",
 "Arms\nCurls 30s\nDips 30s\nRepeat x 2, rest 1 min between rounds": "Curls 30, Dips 30, rest 60, Curls 30, Dips 30",
 "Arme\nCurls 30s\nDips 30s\nDas Ganze dreimal wiederholen.": "Curls 30, Dips 30, Curls 30, Dips 30, Curls 30, Dips 30",
 "Brazos\nCurl 30s\nFondos 30s\nRepetir 2 veces": "Curl 30, Fondos 30, Curl 30, Fondos 30",
 "Arms\nComplete 2 rounds of:\n- Curls 30s\n- Dips 30s": "Curls 30, Dips 30, Curls 30, Dips 30",
 "Arms\nCurls 30s\nDips 30s\n2 rounds total": "Curls 30, Dips 30, Curls 30, Dips 30",
 # bold
 "Evening\n1) **Butterfly** – 60s\n2) **Pigeon** – 45s each side": "Butterfly 60, Pigeon left 45, Pigeon right 45",
 "* **Plank:** 30s\n* **Side plank:** 20s per side\n": "Plank 30, Side plank left 20, Side plank right 20",
 "**Warm up**\nMarch 60s\n\n**Main**\nSquats 40s\n": "March 60, Squats 40",
 # sides
 "Sides\nSide plank 30s (each side)\nLunge, right leg, 40s\nLunge, left leg, 40s\nFigure four 30 s/side": "Side plank left 30, Side plank right 30, Lunge right 40, Lunge left 40, Figure four left 30, Figure four right 30",
 "Seiten\nSeitstütz re. 30 s\nSeitstütz li. 30 s\nDehnung je 20 s links und rechts\nRotation beidseits 30 s": "Seitstütz right 30, Seitstütz left 30, Dehnung left 20, Dehnung right 20, Rotation left 30, Rotation right 30",
 "Lados\nPlancha lateral izquierda 30 s\nPlancha lateral derecha 30 s\nGiro 20 s a cada lado\nZancada 20 s cada pierna": "Plancha lateral left 30, Plancha lateral right 30, Giro left 20, Giro right 20, Zancada left 20, Zancada right 20",
 "Hips\n90/90 stretch 60s L+R\nCouch stretch 1 min ea side\nHip circles 30s both directions": "90/90 stretch left 60, 90/90 stretch right 60, Couch stretch left 60, Couch stretch right 60, Hip circles left 30, Hip circles right 30",
 # fields
 "Calf raise\nSets: 2\nReps: 12\nRest: 30 sec\n\nToe stretch\nSets: 1\nHold: 20 sec\n": "Calf raise 36, rest 30, Calf raise 36, Toe stretch 20",
 "Exercise: Bridge\nSets: 2\nReps: 10\nHold: 5 sec\n\nExercise: Clam\nSets: 1\nReps: 15\nSide: left\n": "Bridge 70, Bridge 70, Clam left 45",
 "Wadenheben\nSätze: 2\nWiederholungen: 10\nPause: 30 Sekunden\n": "Wadenheben 30, rest 30, Wadenheben 30",
 "1. Wall slide\n   Sets 2 | Reps 8 | Rest 30s\n2. Chin tuck\n   Sets 1 | Hold 10s\n": "Wall slide 24, rest 30, Wall slide 24, Chin tuck 10",
 # halves
 "Half\nWalk half a minute\nJog 2 1/2 min\nRow 1,5 Min.\nRide 1 hr 15 min\nSit 90″\nHang 1'15\"": "Walk 30, Jog 150, Row 90, Ride 4500, Sit 90, Hang 75",
 "Half\nWalk 2min30\nJog 1m 15s\nSit ¾ min\nStand one minute\nLie two and a half minutes": "Walk 150, Jog 75, Sit 45, Stand 60, Lie 150",
 # tabata
 "Tabata (20/10) x 4\nBurpees": "Burpees 20, rest 10, Burpees 20, rest 10, Burpees 20, rest 10, Burpees 20",
 "Tabata – 4 rounds, 20 seconds work, 10 seconds rest\n- Burpees\n- Squats": "Burpees 20, rest 10, Squats 20, rest 10, Burpees 20, rest 10, Squats 20, rest 10, Burpees 20, rest 10, Squats 20, rest 10, Burpees 20, rest 10, Squats 20",
 "4 rounds:\n20s Burpees\n10s rest": "Burpees 20, rest 10, Burpees 20, rest 10, Burpees 20, rest 10, Burpees 20",
 "Tabata\n8 x 20/10\nMountain climbers": "Mountain climbers 20, rest 10, " * 7 + "Mountain climbers 20",
 "Tabata: 20s on/10s off x 2\nMountain climbers\nSquats": "Mountain climbers 20, rest 10, Squats 20, rest 10, Mountain climbers 20, rest 10, Squats 20",
 # time stamps
 "Full body stretch\n00:00 - Intro\n00:45 - Neck rolls\n02:00 - Cat cow\n03:30 - Child's pose\n05:00 - End": "Intro 45, Neck rolls 75, Cat cow 90, Child's pose 90",
 "Stretch\nIntro (0:00)\nFrog (0:30)\nPigeon (1:30)\nSavasana (3:00)": "Intro 30, Frog 60, Pigeon 90, Savasana 90",
 "Ablauf\n0:00–0:30 Einleitung\n0:30–1:30 Frosch\n1:30–3:00 Taube": "Einleitung 30, Frosch 60, Taube 90",
 # supersets etc
 "Strength\nA1) Goblet squat 2 x 40s\nA2) Row 2 x 30s\nB1) Plank 2 x 20s": "Goblet squat 40, Row 30, Goblet squat 40, Row 30, Plank 20, Plank 20",
 "Superset x2:\n  Curls 30s\n  Dips 30s\nPlank 60s": "Curls 30, Dips 30, Curls 30, Dips 30, Plank 60",
 # hand-outs
 "Physio\nClams: 2 x 10 reps each side, hold 5 sec, rest 30 sec": "Clams left 70, Clams right 70, rest 30, Clams left 70, Clams right 70",
 "Physio\nHeel slide\nHold 5 sec. Repeat 10 times. Rest 30 sec between sets. Do 2 sets.": "Heel slide 70, rest 30, Heel slide 70",
 "Physio\nQuad set – tighten the thigh and hold for 5 seconds, 10 repetitions, 2 sets": "Quad set 70, Quad set 70",
 "Physio\nBridges 10 x 5 sec holds": "Bridges 70",
 "Physio\nBridges 10 × 5 s halten\nBeinheben 3 × 8 je Seite": "Bridges 70, Beinheben left 24, Beinheben right 24, Beinheben left 24, Beinheben right 24, Beinheben left 24, Beinheben right 24",
 "Physio\nStretch calf 3 x 30 secs, both legs": "Stretch calf left 30, Stretch calf right 30, Stretch calf left 30, Stretch calf right 30, Stretch calf left 30, Stretch calf right 30",
 "Rodilla\nSentadilla isométrica: 2 series de 30 segundos, descanso de 30 segundos entre series": "Sentadilla isométrica 30, rest 30, Sentadilla isométrica 30",
 "Rodilla\nPuente\n2 series x 10 repeticiones, mantener 3 segundos arriba": "Puente 50, Puente 50",
 "Rehab\nToe yoga 10x each foot\nCalf stretch 30\" x2 ea": "Toe yoga left 30, Toe yoga right 30, Calf stretch left 30, Calf stretch right 30, Calf stretch left 30, Calf stretch right 30",
 "Knee\nStep downs 3x8-10 R only": "Step downs right 30, Step downs right 30, Step downs right 30",
 "Circuit\nThe following 2 times with 60 sec rest between rounds:\n- Squats 30s\n- Lunges 30s\nPlank 60s": "Squats 30, Lunges 30, rest 60, Squats 30, Lunges 30, Plank 60",
 "Mobility EMOM 4\nMin 1: 10 swings\nMin 2: 8 push-ups": "10 swings 60, 8 push-ups 60, 10 swings 60, 8 push-ups 60",
 "AMRAP in 8 minutes:\n- 5 burpees\n- 10 squats": "AMRAP 480",
 "Warm-up: 5 min bike\nMain: 20 min row\nCool-down: 5 min walk": "Warm-up 300, Main 1200, Cool-down 300",
}  # fmt: skip

WORKOUTS = {
    # intervals.icu
    'Warmup\n- 10m 50-60%\n\n3x\n- 3m 90%\n- 2m 50%\n\nCooldown\n- 10m 50%': 'Warmup 600, Tempo 180, Easy 120, Tempo 180, Easy 120, Tempo 180, Easy 120, Cooldown 600',
    'Main\n- Settle in 20^Relax shoulders 60^Breathe <!> 2m 70%': 'Settle in 120',
    'Main\n- 75% MMP 3m 5m\n- 3m 50%': 'Steady 300, Easy 180',
    'Main\n- 1km 5:00/km pace\n- 800mtr 4:00/km\n- 10m Z2': 'On pace 300, On pace 192, Steady 600',
    '2x\n20m 88-92%\n5m 55%\n\n- 10m 50%': 'Threshold 1200, Easy 300, Threshold 1200, Easy 300, Easy 600',
    '- 5m 50%, 10m 60%, 5m 70%\n- 1m30 90%': 'Easy 300, Easy 600, Steady 300, Tempo 90',
    'Main 3x\n- 30s 120% 30s 50%': 'Hard 30, Easy 30, Hard 30, Easy 30, Hard 30, Easy 30',
    '- 15m Z2 HR intensity=warmup\n- 1h30 65-75% 85-95rpm\n- 10m 50% intensity=cooldown': 'Warm-up 900, Steady 5400, Cool-down 600',
    '- [Go hard] 1m 130%\n- 2m freeride\n- 20s 0\n- 30s maxeffort': 'Go hard 60, Free ride 120, rest 20, All out 30',
    'Strides\n- 4x (20s Z5 Pace 40s Z1 Pace)': 'Hard 20, Easy 40, Hard 20, Easy 40, Hard 20, Easy 40, Hard 20, Easy 40',
    '- 400m 90% pace\n- 5m 60%': 'Tempo 24000, Easy 300',
    '- Press lap 10m 60%': 'Easy 600',
    '- 3m ramp 50-80% 90rpm\n- 2m 200w\n- 2m 140-150bpm': 'Tempo 180, 200 watts 120, Steady 120',
    '- 10\' 60%\n- 5\'30" 70%\n- 90" 80%': 'Easy 600, Steady 330, Tempo 90',
    # Zwift
    '<workout_file><name>A</name><workout><SteadyState Duration="60" Power="0.8"><textevent timeoffset="10" message="Keep your"/><textevent timeoffset="10" message="shoulders down" y="200"/></SteadyState></workout></workout_file>': 'Tempo 60',
    '<workout_file><workout><SolidState Duration="120" Power="0.6"/><FreeRide Duration="60"/></workout></workout_file>': 'Easy 120, Free ride 60',
    '<workout_file><workout><Warmup Duration="120" PowerLow="0.4" PowerHigh="0.7"/><IntervalsT Repeat="2" OnDuration="30" OffDuration="30" OnPower="1.2" OffPower="0.5"/><Cooldown Duration="60" PowerLow="0.6" PowerHigh="0.3"/></workout></workout_file>': 'Warm-up 120, Hard 30, Easy 30, Hard 30, Easy 30, Cool-down 60',
    '<workout_file><sportType>run</sportType><durationType>distance</durationType><thresholdSecPerKm>300</thresholdSecPerKm><workout><SteadyState Duration="1000" Power="1"/><SteadyState Duration="500" Power="0.5"/></workout></workout_file>': 'Threshold 300, Easy 300',
    '<workout_file><workout><SteadyState Duration="300" Zone="3"/><MaxEffort Duration="20"/><Rest Duration="60" Power="0.4"/></workout></workout_file>': 'Tempo 300, All out 20, Easy 60',
    '<workout_file><workout><SteadyState Duration="300" Pwr="0.9"/><textevent timeoffset="200" message="Last stretch, hold on"/></workout></workout_file>': 'Steady 300',
    # timer apps; points in time
    '{"version":1,"workouts":[{"title":"Legs","sets":[{"id":"a","repetitions":2,"exercises":[{"name":"Squat","duration":30},{"name":"Pause","duration":15}]}]}]}': 'Squat 30, rest 15, Squat 30',
    '[COURSE HEADER]\nVERSION = 2\nUNITS = ENGLISH\nDESCRIPTION = Over unders\nFILE NAME = a.mrc\nMINUTES PERCENT\n[END COURSE HEADER]\n[COURSE DATA]\n0 50\n5 50\n5 95\n7 95\n7 105\n8 105\n[END COURSE DATA]\n': 'Easy 300, Threshold 120, Threshold 60',
    '[COURSE HEADER]\nMINUTES WATTS\n[END COURSE HEADER]\n[COURSE DATA]\n0.0\t100\n2.0\t150\n2.0\t200\n3.5\t200\n[END COURSE DATA]\n[COURSE TEXT]\n130\tHold this power\t10\n[END COURSE TEXT]\n': 'From 100 to 150 watts 120, 200 watts 90',
    '{"name":"Core","activities":["Plank","Dips","Plank","Dips"],"activeIntervals":4,"restarts":0,"timeSettings":{"workTime":30,"restTime":10,"breakTime":0,"getReadyTime":10,"warmupTime":0,"cooldownTime":0}}': 'Plank 30, rest 10, Dips 30, rest 10, Plank 30, rest 10, Dips 30',
}  # fmt: skip
