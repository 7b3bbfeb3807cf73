use rebalance::{measure,random::Luck,round,rules::Regimes,scenario::Scenario,world::World};
fn main(){
 let mut s=Scenario::default();
 for a in std::env::args().skip(1){ let (k,v)=a.split_once('=').unwrap(); match k {"sample"=>s.world.sample_authorities=v.parse().unwrap(),"rounds"=>s.run.rounds=v.parse().unwrap(),_=>{}} }
 let w=World::build(&s).unwrap(); let regimes=Regimes::new(&s,&w);
 for x in w.services.iter(){println!("{} H={:.1}",x.key,x.hours_per_person.value());}
 let luck=Luck::new(1,0);
 let t=std::time::Instant::now();
 let mut st=round::State::found(&w,&s,luck);
 println!("charities {} lots {} unplaced {} spot {:.0}m found in {:?} bytes {}",st.charities.len(),st.portfolio.lots.len(),st.portfolio.unplaced,st.portfolio.spot_purchase.value()/1e6,t.elapsed(),round::State::bytes_per_charity());
 let mut v:Vec<f64>=st.portfolio.lots.iter().map(|l|l.value.value()).collect(); println!("median {:?} over1m {}",measure_q(&mut v,0.5),v.iter().filter(|x|**x>=1e6).count() as f64/v.len() as f64);
 let t=std::time::Instant::now();
 for r in 0..s.run.rounds { let set=round::Setting::new(&w,&s,&regimes,luck,r); let out=round::play(&set,&mut st).unwrap(); let m=measure::round::measure(&set,&st,&out); round::advance(&set,&mut st);
  if r%6==0||r<3||r+1==s.run.rounds { let g=|n:&str|m.get(n).unwrap_or(f64::NAN); println!("r{r} tend {:.0} bids {:.2} single {:.2} nobid {:.2} decl {:.2} hold {:.0} act {:.3} hhiL {:.0} ex {:.0} hhiN {:.0} fcr {:.2} sub {:.2} def {:.2} nores {:.2} mon {:.1} clos {:.1} ins {:.0} p/c {:.2} p/fc {:.2} out {:.2} unmet {:.0} wait {:.1} top {:.2}/{:.2}/{:.2} win {:.2}/{:.2} bidc {:.3} n {:.0}",g("tenders"),g("bids_per_tender"),g("single_bid_share"),g("no_bid_share"),g("declined_share"),g("holders"),g("active_share"),g("hhi_local_lead"),g("hhi_local_excess"),g("hhi_national_lead"),g("full_cost_recovery"),g("cross_subsidising_share"),g("deficit_share"),g("no_reserves_share"),g("reserves_months_median"),g("closures_per_1000"),g("insolvencies"),g("price_to_ceiling"),g("price_to_full_cost"),g("outcomes_per_1000_residents"),g("unmet_need_people"),g("waiting_rounds"),g("income_share_medium"),g("income_share_large"),g("income_share_major"),g("win_rate_under_1m"),g("win_rate_1m_and_over"),g("bid_cost_share"),g("charities")); } }
 println!("{:?}",t.elapsed());
}
fn measure_q(v:&mut Vec<f64>,p:f64)->Option<f64>{rebalance::math::quantile(v,p)}
